import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The vendor's file of public keys (section 4), for tools; a product has its keys compiled in. */
final class KeyFile {
    private static final Set<String> KINDS = Set.of("production", "test", "demo", "temporary");
    private static final Set<String> NEEDED = Set.of("key_id", "public_key", "kinds");
    private static final Set<String> KNOWN =
            Set.of("key_id", "public_key", "kinds", "transit_key", "transit_version");

    private KeyFile() {}

    /** Key id -> key; one broken rule and nothing of the file is used. */
    static Map<Integer, LicenseVerifier.TrustedKey> read(Object document)
            throws GeneralSecurityException {
        Map<?, ?> file = (Map<?, ?>) document;
        require(file.keySet().equals(Set.of("format", "keys")));
        require("opskit-licence-keys/v1".equals(file.get("format")));
        List<?> entries = (List<?>) file.get("keys");
        require(!entries.isEmpty());
        Map<Integer, LicenseVerifier.TrustedKey> keys = new HashMap<>();
        Set<Object> seen = new HashSet<>();
        for (Object entry : entries) {
            Map<?, ?> members = (Map<?, ?>) entry;
            require(members.keySet().containsAll(NEEDED) && KNOWN.containsAll(members.keySet()));
            require(seen.add(members.get("public_key")));
            long id = (Long) members.get("key_id");
            require(id >= 1 && id <= 255);
            require(keys.put((int) id, key(members)) == null);
        }
        return keys;
    }

    private static LicenseVerifier.TrustedKey key(Map<?, ?> members)
            throws GeneralSecurityException {
        String base64 = (String) members.get("public_key");
        byte[] raw = Base64.getDecoder().decode(base64);
        require(raw.length == 32 && Base64.getEncoder().encodeToString(raw).equals(base64));
        List<?> words = (List<?>) members.get("kinds");
        Set<String> kinds = new HashSet<>();
        for (Object word : words) {
            require(KINDS.contains(word) && kinds.add((String) word));
        }
        require(!kinds.isEmpty());
        return new LicenseVerifier.TrustedKey(LicenseVerifier.publicKey(raw), kinds);
    }

    private static void require(boolean fine) {
        if (!fine) {
            throw new IllegalArgumentException("the key file breaks a rule of section 4");
        }
    }
}
