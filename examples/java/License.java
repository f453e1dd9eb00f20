import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Section 2: what was signed. A date or ceiling that is null has no end. */
public record License(
        String kind, int keyId, int product, int edition, long serial, long clientNumber,
        int sequence, LocalDate issuedOn, LocalDate validFrom, LocalDate lastDay,
        LocalDate maintenanceUntil, int graceDays, int overagePercent, int namedUsers,
        int concurrentUsers, Version versionCeiling, TreeSet<Integer> modules, byte[] site,
        List<Extension> extensions) {

    /** Users without a limit; a value of its own, never 0. */
    public static final int UNLIMITED = -1;

    static final int SIGNATURE_SIZE = 64;
    private static final int ANCHOR_NUMBER = 1;
    static final int ANCHOR_SIZE = 13;
    private static final int FIXED_SIZE = 45;
    private static final int MOST_SIGNED = 512;
    private static final int ABSENT = 0xFFFF;
    private static final LocalDate DAY_0 = LocalDate.of(2020, 1, 1);
    private static final List<String> KINDS = List.of("production", "test", "demo", "temporary");

    public record Extension(int number, boolean critical, byte[] value) {}

    public record Version(int major, int minor) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int byMajor = Integer.compare(major, other.major);
            return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
        }
    }

    /** The value of the emergency anchor, or null: the licence takes no codes. */
    byte[] anchor() {
        for (Extension extension : extensions) {
            if (extension.number() == ANCHOR_NUMBER) {
                return extension.value().clone();
            }
        }
        return null;
    }

    /** The fields of signed bytes, refused where step 3 of section 5 says so. */
    static License read(byte[] signed) throws Refused {
        Refused.when(signed.length > MOST_SIGNED, "too-long");
        Refused.when(signed.length < FIXED_SIZE + SIGNATURE_SIZE, "truncated");
        ByteBuffer body = ByteBuffer.wrap(signed, 0, signed.length - SIGNATURE_SIZE);
        int head = u8(body);
        int kind = head & 0x0F;
        Refused.when(head >> 4 != 1, "unknown-version");
        Refused.when(kind < 1 || kind > KINDS.size(), "unknown-kind");
        Refused.when(signed[30] != 0, "reserved-not-zero");
        int keyId = u8(body);
        int product = u8(body);
        int edition = u8(body);
        long serial = Integer.toUnsignedLong(body.getInt());
        long client = Integer.toUnsignedLong(body.getInt());
        int sequence = u16(body);
        int issued = u16(body);
        int from = u16(body);
        int last = u16(body);
        Refused.when(issued == ABSENT || from == ABSENT, "bad-date");
        Refused.when(last < from, "inverted-dates"); // FFFF is above every day
        LocalDate maintenance = day(u16(body));
        int grace = u8(body);
        int overage = u8(body);
        int named = users(u16(body));
        int concurrent = users(u16(body));
        int ceiling = u16(body);
        u8(body); // reserved
        long bitmap = (long) u16(body) << 32 | Integer.toUnsignedLong(body.getInt());
        byte[] site = take(body, 8);
        return new License(
                KINDS.get(kind - 1), keyId, product, edition, serial, client, sequence, day(issued),
                day(from), day(last), maintenance, grace, overage, named, concurrent,
                ceiling == ABSENT ? null : new Version(ceiling >> 8, ceiling & 0xFF),
                modules(bitmap), site, extensions(body));
    }

    /** Section 2.3: they fill the space before the signature exactly. */
    private static List<Extension> extensions(ByteBuffer body) throws Refused {
        List<Extension> found = new ArrayList<>();
        int before = 0;
        while (body.hasRemaining()) {
            int tag = u8(body);
            Refused.when(!body.hasRemaining(), "trailing-bytes");
            int length = u8(body);
            Refused.when(body.remaining() < length, "trailing-bytes");
            Extension next = new Extension(tag & 0x7F, (tag & 0x80) != 0, take(body, length));
            Refused.when(next.number() == 0, "reserved-not-zero");
            Refused.when(next.number() == before, "duplicate-extension");
            Refused.when(next.number() < before, "extension-order");
            Refused.when(next.number() == ANCHOR_NUMBER && !isAnchor(next), "bad-emergency-anchor");
            before = next.number();
            found.add(next);
        }
        return List.copyOf(found);
    }

    private static boolean isAnchor(Extension extension) {
        byte[] value = extension.value();
        return !extension.critical() && value.length == ANCHOR_SIZE && (value[0] & 0xF0) != 0;
    }

    private static TreeSet<Integer> modules(long bitmap) {
        TreeSet<Integer> bits = new TreeSet<>();
        for (int bit = 0; bit < 48; bit++) {
            if ((bitmap >> bit & 1) == 1) {
                bits.add(bit);
            }
        }
        return bits;
    }

    private static LocalDate day(int days) {
        return days == ABSENT ? null : DAY_0.plusDays(days);
    }

    private static int users(int count) {
        return count == ABSENT ? UNLIMITED : count;
    }

    private static int u8(ByteBuffer body) {
        return Byte.toUnsignedInt(body.get());
    }

    private static int u16(ByteBuffer body) {
        return Short.toUnsignedInt(body.getShort());
    }

    private static byte[] take(ByteBuffer body, int length) {
        byte[] taken = new byte[length];
        body.get(taken);
        return taken;
    }
}
