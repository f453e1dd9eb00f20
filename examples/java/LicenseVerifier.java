import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a licence key is accepted: docs/spec/license-key-v1.md in Java 17, without a library.
 *
 * <p>{@link #read} turns any text of a key into signed bytes, {@link #verify} accepts them for an
 * installation at an instant, {@link Emergency#redeem} accepts a code that support read out. Each
 * refusal is a {@link Refused} with the word of the specification; comments name its sections.
 */
public final class LicenseVerifier {

    private static final byte[] SIGNING_DOMAIN = domain("opskit/licence/v1");
    private static final byte[] SITE_DOMAIN = domain("opskit/site/v1");
    /** What DER puts before the 32 bytes of an Ed25519 public key (RFC 8410). */
    private static final byte[] KEY_PREFIX = bytes("302a300506032b6570032100");

    /** A key that signs, and the kinds of licence it may sign. */
    public record TrustedKey(PublicKey key, Set<String> kinds) {}

    /**
     * What the installation knows about itself. Inside the product nothing may be null; a tool
     * elsewhere leaves out what it cannot know, and has to say so. The grants of emergency codes
     * are their ends by the serial they were entered for; there may be none.
     */
    public record Facts(
            Instant at, Integer product, Set<String> kinds, String site, Integer lastSequence,
            License.Version erpVersion, LocalDate releaseDate, Map<Long, Instant> grants) {}

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
        License license = License.read(signed);
        TrustedKey trusted = keys.get(license.keyId());
        Refused.when(trusted == null, "unknown-key-id");
        Refused.when(!trusted.kinds().contains(license.kind()), "kind-not-allowed");
        int end = signed.length - License.SIGNATURE_SIZE;
        byte[] message = joined(SIGNING_DOMAIN, Arrays.copyOf(signed, end));
        byte[] signature = Arrays.copyOfRange(signed, end, signed.length);
        Refused.when(!isSigned(trusted.key(), message, signature), "bad-signature");
        return license;
    }

    /** All the rest: step 5, in its order. */
    public Accepted verify(byte[] signed, Facts facts) throws Refused {
        License license = authenticate(signed);
        String standing = standing(license, facts.at(), endOfGrant(license, facts.grants()));
        for (License.Extension extension : license.extensions()) {
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
        } catch (SignatureException | InvalidKeyException err) {
            return false; // S is not below the group order, R or the key is no point
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

    private static boolean isAbove(License.Version version, License license) {
        License.Version ceiling = license.versionCeiling();
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

    /** A licence that takes no codes has none: a revocation ends whatever it revokes. */
    private static Instant endOfGrant(License license, Map<Long, Instant> grants) {
        return license.anchor() == null ? null : grants.get(license.serial());
    }

    private static String standing(License license, Instant at, Instant endOfGrant) {
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
        boolean granted = endOfGrant != null && at.isBefore(endOfGrant);
        return granted ? "emergency" : "expired";
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
