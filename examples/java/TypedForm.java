import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Section 7: the typed form. */
final class TypedForm {
    private static final int LINE = 27;
    private static final int CHECKS = 2;
    private static final int MOST_LINES = 33;

    /** The number before the colon or null; the values, none where a character is no symbol. */
    private record Line(String written, int[] values) {
        static Line of(String folded) {
            int colon = folded.lastIndexOf(':');
            String symbols = folded.substring(colon + 1);
            int[] values = Symbols.areSymbols(symbols) ? Symbols.values(symbols) : new int[0];
            return new Line(colon < 0 ? null : folded.substring(0, colon), values);
        }

        IntStream data() {
            return Arrays.stream(values, 0, values.length - CHECKS);
        }

        boolean fits(int number, boolean last) {
            boolean numbered = written == null || written.equals(Integer.toString(number));
            return numbered && belongs(number, last);
        }

        boolean belongs(int number, boolean last) {
            int shortest = last ? CHECKS + 1 : LINE;
            if (values.length < shortest || values.length > LINE) {
                return false;
            }
            int place = number + (last ? 64 : 0);
            int[] remainder = {0, 0};
            divide(remainder, place / 32);
            divide(remainder, place % 32);
            int end = values.length - CHECKS;
            data().forEach(value -> divide(remainder, value));
            return values[end] == remainder[0] && values[end + 1] == remainder[1];
        }
    }

    static byte[] read(List<String> lines) throws Refused {
        List<Line> typed = pieces(lines).stream().map(Line::of).toList();
        boolean alike = typed.stream().anyMatch(line -> line.values().length == LINE);
        Refused.when(!alike, "not-a-key");
        Refused.when(typed.size() > MOST_LINES, "too-long");
        List<Integer> wrong = new ArrayList<>();
        for (int number = 1; number <= typed.size(); number++) {
            if (!typed.get(number - 1).fits(number, number == typed.size())) {
                wrong.add(number);
            }
        }
        if (!wrong.isEmpty()) {
            throw wrongLines(typed, wrong);
        }
        return toBytes(typed);
    }

    /** One line without a colon, such as a QR code's, holds all the others. */
    private static List<String> pieces(List<String> lines) {
        List<String> folded = lines.stream().map(Symbols::fold).toList();
        if (folded.size() != 1 || folded.get(0).contains(":")) {
            return folded;
        }
        int[] all = folded.get(0).codePoints().toArray();
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < all.length; start += LINE) {
            pieces.add(new String(all, start, Math.min(LINE, all.length - start)));
        }
        return pieces;
    }

    /** One step of the division by x^2 + 3x + 2 over GF(32). */
    private static void divide(int[] remainder, int value) {
        int carry = value ^ remainder[0];
        int doubled = carry << 1 ^ ((carry & 0x10) != 0 ? 37 : 0);
        remainder[0] = remainder[1] ^ carry ^ doubled;
        remainder[1] = doubled;
    }

    private static Refused wrongLines(List<Line> typed, List<Integer> wrong) {
        int total = typed.size();
        // right but for being the last or not: the fault is another line's, absent or too many
        List<Integer> faulty =
                wrong.stream()
                        .filter(number -> !typed.get(number - 1).fits(number, number < total))
                        .toList();
        if (faulty.isEmpty() && wrong.equals(List.of(total))) {
            return new Refused("missing-typed-line", List.of(total + 1));
        }
        List<Integer> named = faulty.isEmpty() ? wrong : faulty;
        int first = named.get(0);
        for (int place = 1; place <= total + 1; place++) {
            if (place != first && typed.get(first - 1).belongs(place, false)) {
                return new Refused("misplaced-typed-line", List.of(first));
            }
        }
        return new Refused("bad-typed-line", List.copyOf(named));
    }

    private static byte[] toBytes(List<Line> typed) throws Refused {
        int[] data = typed.stream().flatMapToInt(Line::data).toArray();
        int padding = data.length * 5 % 8;
        Refused.when(padding >= 5, "bad-typed-length");
        boolean zero = (data[data.length - 1] & (1 << padding) - 1) == 0;
        Refused.when(!zero, "non-zero-padding");
        return Symbols.toBytes(data);
    }
}
