import java.util.regex.Pattern;

/** Section 1: Crockford's base32. */
final class Symbols {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final Pattern SEPARATORS =
            Pattern.compile("[ \t\u00a0\u202f\\-\u2010-\u2015\u2212]");

    static String fold(String text) {
        StringBuilder folded = new StringBuilder();
        for (char each : SEPARATORS.matcher(text).replaceAll("").toCharArray()) {
            char upper = each >= 'a' && each <= 'z' ? (char) (each - 'a' + 'A') : each;
            folded.append(
                    switch (upper) {
                        case 'O' -> '0';
                        case 'I', 'L' -> '1';
                        default -> upper;
                    });
        }
        return folded.toString();
    }

    static boolean areSymbols(String folded) {
        return folded.chars().allMatch(each -> ALPHABET.indexOf(each) >= 0);
    }

    static int[] values(String folded) {
        return folded.chars().map(ALPHABET::indexOf).toArray();
    }

    /** The bits of the values, five each, as whole bytes; what is left over is dropped. */
    static byte[] toBytes(int[] values) {
        byte[] bytes = new byte[values.length * 5 / 8];
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            int set = values[bit / 5] >> 4 - bit % 5 & 1;
            bytes[bit / 8] |= (byte) (set << 7 - bit % 8);
        }
        return bytes;
    }
}
