import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Section 6: the armoured file. */
final class Armour {
    private static final String BEGIN = "-----BEGIN OPSKIT LICENCE-----";
    private static final String END = "-----END OPSKIT LICENCE-----";
    private static final int LONGEST_NAME = 40;
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]*={0,2}");

    static byte[] read(List<String> lines) throws Refused {
        Refused.when(lines.stream().anyMatch(line -> CONTROL.matcher(line).find()), "bad-armour");
        int last = lines.size() - 1;
        boolean marked = last > 0 && lines.get(0).equals(BEGIN) && lines.get(last).equals(END);
        Refused.when(!marked, "bad-armour");
        List<String> inner = lines.subList(1, last);
        Refused.when(inner.contains(BEGIN) || inner.contains(END), "bad-armour");
        int headers = 0;
        while (headers < inner.size() && inner.get(headers).contains(":")) {
            headers++;
        }
        checkHeaders(inner.subList(0, headers));
        return decode(String.join("", inner.subList(headers, inner.size())));
    }

    private static void checkHeaders(List<String> headers) throws Refused {
        Set<String> names = new HashSet<>();
        for (String header : headers) {
            String name = KeyText.bare(header.substring(0, header.indexOf(':')));
            int length = name.codePointCount(0, name.length());
            Refused.when(length < 1 || length > LONGEST_NAME, "bad-armour");
            Refused.when(!names.add(name), "bad-armour");
        }
    }

    private static byte[] decode(String block) throws Refused {
        Refused.when(block.contains(":"), "bad-armour");
        boolean shaped = BASE64.matcher(block).matches() && block.length() % 4 == 0;
        Refused.when(!shaped, "bad-base64");
        byte[] signed = Base64.getDecoder().decode(block);
        boolean canonical = Base64.getEncoder().encodeToString(signed).equals(block);
        Refused.when(!canonical, "non-canonical-base64");
        return signed;
    }
}
