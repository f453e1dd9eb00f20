import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As much JSON as the key file and the vectors need; its only numbers are whole. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** Maps, lists, String, Long, Boolean or null. A member that comes twice is refused. */
    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.blanks();
        json.require(json.at == text.length());
        return value;
    }

    private Object value() {
        blanks();
        require(at < text.length());
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        at++;
        for (boolean more = !next('}'); more; more = !next('}')) {
            require(members.isEmpty() || next(','));
            blanks();
            String name = string();
            require(next(':') && !members.containsKey(name));
            members.put(name, value());
        }
        return members;
    }

    private List<Object> list() {
        List<Object> items = new ArrayList<>();
        at++;
        for (boolean more = !next(']'); more; more = !next(']')) {
            require(items.isEmpty() || next(','));
            items.add(value());
        }
        return items;
    }

    private String string() {
        require(at < text.length() && text.charAt(at) == '"');
        StringBuilder found = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            found.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
        }
        require(at < text.length());
        at++;
        return found.toString();
    }

    private char escaped() {
        at++;
        require(at < text.length());
        return switch (text.charAt(at)) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                require(at + 4 < text.length());
                at += 4;
                yield (char) Integer.parseInt(text, at - 3, at + 1, 16);
            }
            default -> text.charAt(at);
        };
    }

    private Object word() {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            case "null" -> null;
            default -> Long.parseLong(word);
        };
    }

    private boolean next(char wanted) {
        blanks();
        boolean found = at < text.length() && text.charAt(at) == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void require(boolean fine) {
        if (!fine) {
            throw new IllegalArgumentException("no JSON at character " + at);
        }
    }
}
