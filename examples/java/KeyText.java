import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Steps 1 and 2 of section 5: which form a text has. */
final class KeyText {
    private static final int MOST_BYTES = 8192;
    private static final String TYPED_BEGIN = "-----BEGIN OPSKIT TYPED LICENCE-----";
    private static final String TYPED_END = "-----END OPSKIT TYPED LICENCE-----";
    private static final long HIGHEST_SERIAL = 0xFFFF_FFFFL;
    private static final Pattern SERIAL = Pattern.compile("0|[1-9][0-9]{0,9}");

    static byte[] read(byte[] text) throws Refused {
        List<String> lines = ofTypedPage(lines(text));
        if (lines.stream().anyMatch(line -> line.contains("-----"))) {
            return Armour.read(lines);
        }
        List<String> written =
                lines.stream().filter(line -> !Symbols.fold(line).isEmpty()).toList();
        boolean reference = written.size() == 1 && isReference(written.get(0));
        Refused.when(reference, "reference-not-a-key");
        return TypedForm.read(written);
    }

    private static List<String> lines(byte[] text) throws Refused {
        Refused.when(text.length > MOST_BYTES, "too-long");
        String decoded;
        try {
            ByteBuffer raw = ByteBuffer.wrap(text);
            decoded = StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
        } catch (CharacterCodingException err) {
            throw new Refused("not-a-key", List.of());
        }
        String plain = decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
        List<String> lines = new ArrayList<>();
        for (String line : plain.split("\r\n|\r|\n")) {
            String bare = bare(line);
            if (!bare.isEmpty()) {
                lines.add(bare);
            }
        }
        return lines;
    }

    /** Without spaces and tabs at both ends. */
    static String bare(String line) {
        return line.replaceAll("\\A[ \t]+|[ \t]+\\z", "");
    }

    private static List<String> ofTypedPage(List<String> lines) {
        int begin = lines.indexOf(TYPED_BEGIN);
        if (begin < 0) {
            return lines;
        }
        List<String> after = lines.subList(begin + 1, lines.size());
        int end = after.indexOf(TYPED_END);
        return end < 0 ? after : after.subList(0, end);
    }

    /** Section 8: L, a serial, four symbols. */
    private static boolean isReference(String line) {
        if (!line.startsWith("L") && !line.startsWith("l")) {
            return false;
        }
        String folded = Symbols.fold(line.substring(1));
        int split = folded.length() - 4;
        return split > 0
                && Symbols.areSymbols(folded.substring(split))
                && SERIAL.matcher(folded.substring(0, split)).matches()
                && Long.parseLong(folded.substring(0, split)) <= HIGHEST_SERIAL;
    }
}
