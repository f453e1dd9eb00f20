import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** As much JSON as the key file and the vectors need; numbers are whole, of up to 18 digits. */
final class Json {
    private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{4}");
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");

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
            require(text.charAt(at) >= ' ');
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
                require(HEX.matcher(text.substring(at - 3, at + 1)).matches());
                yield (char) Integer.parseInt(text, at - 3, at + 1, 16);
            }
            case '"', '\\', '/' -> text.charAt(at);
            default -> throw broken();
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
            default -> {
                require(WHOLE.matcher(word).matches());
                yield Long.parseLong(word);
            }
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
            throw broken();
        }
    }

    private IllegalArgumentException broken() {
        return new IllegalArgumentException("no JSON at character " + at);
    }
}
