import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

    /** Key id -> key; one broken rule, an IllegalArgumentException, and nothing is used. */
    static Map<Integer, LicenseVerifier.TrustedKey> read(byte[] file)
            throws GeneralSecurityException {
        try {
            ByteBuffer raw = ByteBuffer.wrap(file);
            return of(Json.parse(StandardCharsets.UTF_8.newDecoder().decode(raw).toString()));
        } catch (CharacterCodingException err) {
            throw new IllegalArgumentException("the key file is not UTF-8", err);
        }
    }

    /** The same, of a document that was read already. */
    static Map<Integer, LicenseVerifier.TrustedKey> of(Object document)
            throws GeneralSecurityException {
        Map<?, ?> file = as(Map.class, document);
        require(file.keySet().equals(Set.of("format", "keys")));
        require("opskit-licence-keys/v1".equals(file.get("format")));
        List<?> entries = as(List.class, file.get("keys"));
        require(!entries.isEmpty());
        Map<Integer, LicenseVerifier.TrustedKey> keys = new HashMap<>();
        Set<Object> seen = new HashSet<>();
        for (Object entry : entries) {
            Map<?, ?> members = as(Map.class, entry);
            require(members.keySet().containsAll(NEEDED) && KNOWN.containsAll(members.keySet()));
            checkNames(members);
            require(seen.add(members.get("public_key")));
            long id = as(Long.class, members.get("key_id"));
            require(id >= 1 && id <= 255);
            require(keys.put((int) id, key(members)) == null);
        }
        return keys;
    }

    private static LicenseVerifier.TrustedKey key(Map<?, ?> members)
            throws GeneralSecurityException {
        String base64 = as(String.class, members.get("public_key"));
        byte[] raw = Base64.getDecoder().decode(base64);
        require(raw.length == 32 && Base64.getEncoder().encodeToString(raw).equals(base64));
        Set<String> kinds = new HashSet<>();
        for (Object word : as(List.class, members.get("kinds"))) {
            require(KINDS.contains(as(String.class, word)) && kinds.add((String) word));
        }
        require(!kinds.isEmpty());
        return new LicenseVerifier.TrustedKey(LicenseVerifier.publicKey(raw), kinds);
    }

    /** What is for people has a type too. */
    private static void checkNames(Map<?, ?> members) {
        if (members.containsKey("transit_key")) {
            as(String.class, members.get("transit_key"));
        }
        if (members.containsKey("transit_version")) {
            require(as(Long.class, members.get("transit_version")) >= 1);
        }
    }

    private static <T> T as(Class<T> type, Object value) {
        require(type.isInstance(value));
        return type.cast(value);
    }

    private static void require(boolean fine) {
        if (!fine) {
            throw new IllegalArgumentException("the key file breaks a rule of section 4");
        }
    }
}
