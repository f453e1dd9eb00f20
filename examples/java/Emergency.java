import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Section 9: codes that support reads out. */
public final class Emergency {
    private static final int ANCHOR_SIZE = License.ANCHOR_SIZE;
    private static final int CODES = 24;
    private static final int CODE_SYMBOLS = 20;
    private static final byte[] LINK_DOMAIN = LicenseVerifier.domain("opskit/emergency/v1");

    /** Keep the number for ever, as the last used one of the serial, before anything is granted. */
    public record Grant(int number, int days, Instant until) {}

    private Emergency() {}

    /** Accept a code for an authentic licence; {@code lastUsed} is 0 before the first. */
    public static Grant redeem(License license, String code, int lastUsed, Instant at)
            throws Refused {
        byte[] anchor = license.anchor();
        Refused.when(anchor == null, "emergency-none");
        String symbols = Symbols.fold(code);
        boolean formed = symbols.length() == CODE_SYMBOLS && Symbols.areSymbols(symbols);
        Refused.when(!formed, "emergency-malformed");
        int days = anchor[0] >> 4 & 0x0F;
        anchor[0] &= 0x0F;
        // 20 symbols are 100 bits: one more makes 13 whole bytes
        byte[] link = link(Symbols.toBytes(Symbols.values(symbols + "0")));
        int number = number(link, anchor, license);
        Refused.when(number == 0, "emergency-wrong");
        Refused.when(number <= lastUsed, "emergency-replay");
        LocalDate today = at.atOffset(ZoneOffset.UTC).toLocalDate();
        return new Grant(number, days, LicenseVerifier.ends(today.plusDays(days)));
    }

    /** How many steps lead from the link to the anchor, or 0. */
    private static int number(byte[] link, byte[] anchor, License license) {
        for (int number = 1; number <= CODES; number++) {
            byte[] walked = link;
            for (int each = number; each > 0; each--) {
                byte[] step = step(license.serial(), each, walked);
                walked = link(LicenseVerifier.sha256(LINK_DOMAIN, step));
            }
            if (Arrays.equals(walked, anchor)) {
                return number;
            }
        }
        return 0;
    }

    private static byte[] step(long serial, int number, byte[] link) {
        ByteBuffer step = ByteBuffer.allocate(4 + 1 + ANCHOR_SIZE);
        return step.putInt((int) serial).put((byte) number).put(link).array();
    }

    /** The first 100 bits as 13 bytes, right-aligned. */
    private static byte[] link(byte[] bits) {
        byte[] link = new byte[ANCHOR_SIZE];
        int carried = 0;
        for (int index = 0; index < ANCHOR_SIZE; index++) {
            int next = index < bits.length ? Byte.toUnsignedInt(bits[index]) : 0;
            link[index] = (byte) (carried << 4 | next >> 4);
            carried = next & 0x0F;
        }
        return link;
    }
}
