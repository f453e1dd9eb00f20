import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a licence key is accepted: docs/spec/license-key-v1.md in Java 17, without a library.
 *
 * <p>{@link #read} turns any text of a key into signed bytes, {@link #verify} accepts them for an
 * installation at an instant, {@link Emergency#redeem} accepts a code that support read out. Each
 * refusal is a {@link Refused} with the word of the specification; comments name its sections.
 */
public final class LicenseVerifier {

    /** Users without a limit; a value of its own, never 0. */
    public static final int UNLIMITED = -1;

    private static final int FIXED_SIZE = 45;
    private static final int SIGNATURE_SIZE = 64;
    private static final int MOST_SIGNED = 512;
    private static final int ABSENT = 0xFFFF;
    static final int ANCHOR_NUMBER = 1;
    static final int ANCHOR_SIZE = 13;
    private static final LocalDate DAY_0 = LocalDate.of(2020, 1, 1);
    private static final List<String> KINDS = List.of("production", "test", "demo", "temporary");
    private static final byte[] SIGNING_DOMAIN = domain("opskit/licence/v1");
    private static final byte[] SITE_DOMAIN = domain("opskit/site/v1");
    /** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410). */
    private static final byte[] KEY_PREFIX = bytes("302a300506032b6570032100");

    /** A key that signs, and the kinds of licence it may sign. */
    public record TrustedKey(PublicKey key, Set<String> kinds) {}

    public record Extension(int number, boolean critical, byte[] value) {}

    public record Version(int major, int minor) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int byMajor = Integer.compare(major, other.major);
            return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
        }
    }

    /** What was signed. A date or ceiling that is null has no end. */
    public record License(
            String kind, int keyId, int product, int edition, long serial, long clientNumber,
            int sequence, LocalDate issuedOn, LocalDate validFrom, LocalDate lastDay,
            LocalDate maintenanceUntil, int graceDays, int overagePercent, int namedUsers,
            int concurrentUsers, Version versionCeiling, TreeSet<Integer> modules, byte[] site,
            List<Extension> extensions) {}

    /**
     * What the installation knows about itself. Inside the product nothing may be null but {@code
     * emergencyUntil}, the end of a grant for this very serial; a tool elsewhere leaves out what it
     * cannot know, and has to say so.
     */
    public record Facts(
            Instant at, Integer product, Set<String> kinds, String site, Integer lastSequence,
            Version erpVersion, LocalDate releaseDate, Instant emergencyUntil) {}

    /** The standing is {@code valid}, {@code grace} or {@code emergency}. */
    public record Accepted(License license, String standing) {}

    private final Map<Integer, TrustedKey> keys;

    /** Key id -> key. Compile the keys in: never read them from the licensee's machine. */
    public LicenseVerifier(Map<Integer, TrustedKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /** The 32 bytes of a public key, as Java wants it. */
    public static PublicKey publicKey(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = joined(KEY_PREFIX, raw);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    // Section 5: the steps

    /** Steps 1 and 2: the signed bytes of a file, of typed lines, or of what a QR code holds. */
    public static byte[] read(byte[] text) throws Refused {
        return KeyText.read(text);
    }

    /** Steps 3 and 4, and the signature: certainly the vendor's, whatever its date and site. */
    public License authenticate(byte[] signed) throws Refused {
        License license = parse(signed);
        TrustedKey trusted = keys.get(license.keyId());
        Refused.when(trusted == null, "unknown-key-id");
        Refused.when(!trusted.kinds().contains(license.kind()), "kind-not-allowed");
        int end = signed.length - SIGNATURE_SIZE;
        byte[] message = joined(SIGNING_DOMAIN, Arrays.copyOf(signed, end));
        byte[] signature = Arrays.copyOfRange(signed, end, signed.length);
        Refused.when(!isSigned(trusted.key(), message, signature), "bad-signature");
        return license;
    }

    /** All the rest: step 5, in its order. */
    public Accepted verify(byte[] signed, Facts facts) throws Refused {
        License license = authenticate(signed);
        String standing = standing(license, facts.at(), facts.emergencyUntil());
        for (Extension extension : license.extensions()) {
            // version 1 defines no critical extension, so each is unknown
            Refused.when(extension.critical(), "unknown-critical-extension", license);
        }
        Integer product = facts.product();
        Refused.when(product != null && license.product() != product, "wrong-product", license);
        Set<String> kinds = facts.kinds();
        Refused.when(kinds != null && !kinds.contains(license.kind()), "wrong-kind", license);
        Refused.when(facts.site() != null && !isFor(license, facts.site()), "wrong-site", license);
        Integer last = facts.lastSequence();
        Refused.when(last != null && license.sequence() < last, "stale-sequence", license);
        boolean behind = facts.at().isBefore(begins(license.issuedOn()));
        Refused.when(behind, "clock-behind", license);
        Refused.when(standing.equals("not-yet-valid"), "not-yet-valid", license);
        Refused.when(standing.equals("expired"), "expired", license);
        Refused.when(isAbove(facts.erpVersion(), license), "version-above-ceiling", license);
        Refused.when(isAfter(facts.releaseDate(), license), "maintenance-lapsed", license);
        return new Accepted(license, standing);
    }

    private static boolean isSigned(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException err) {
            return false; // S is not below the group order
        } catch (GeneralSecurityException err) {
            throw new IllegalStateException(err);
        }
    }

    private static boolean isFor(License license, String site) {
        if (Arrays.equals(license.site(), new byte[8])) {
            return true; // bound to no site
        }
        byte[] here = sha256(SITE_DOMAIN, site.getBytes(StandardCharsets.UTF_8));
        return Arrays.equals(license.site(), Arrays.copyOf(here, 8));
    }

    private static boolean isAbove(Version version, License license) {
        Version ceiling = license.versionCeiling();
        return version != null && ceiling != null && version.compareTo(ceiling) > 0;
    }

    private static boolean isAfter(LocalDate release, License license) {
        LocalDate until = license.maintenanceUntil();
        return release != null && until != null && release.isAfter(until);
    }

    // Section 2.1: dates on the clock

    static Instant begins(LocalDate day) {
        return midnight(day).minus(Duration.ofHours(14));
    }

    static Instant ends(LocalDate day) {
        return midnight(day).plus(Duration.ofHours(36));
    }

    private static Instant midnight(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static String standing(License license, Instant at, Instant emergencyUntil) {
        if (at.isBefore(begins(license.validFrom()))) {
            return "not-yet-valid";
        }
        LocalDate last = license.lastDay();
        if (last == null || at.isBefore(ends(last))) {
            return "valid";
        }
        if (at.isBefore(ends(last.plusDays(license.graceDays())))) {
            return "grace";
        }
        boolean granted = emergencyUntil != null && at.isBefore(emergencyUntil);
        return granted ? "emergency" : "expired";
    }

    // Section 2: bytes

    private static License parse(byte[] signed) throws Refused {
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

    static byte[] domain(String text) {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static byte[] sha256(byte[] domain, byte[] message) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(joined(domain, message));
        } catch (GeneralSecurityException err) {
            throw new IllegalStateException(err);
        }
    }
}
