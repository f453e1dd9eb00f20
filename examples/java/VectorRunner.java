import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The verifier on the project's vectors (section 10):
 *
 * <pre>
 * javac -d build/java examples/java/*.java
 * java -cp build/java VectorRunner tests/vectors/license-v1.json
 * </pre>
 */
public final class VectorRunner {

    private final LicenseVerifier verifier;
    private final List<String> wrong = new ArrayList<>();

    private VectorRunner(LicenseVerifier verifier) {
        this.verifier = verifier;
    }

    public static void main(String[] args) throws Exception {
        Map<?, ?> document = object(Json.parse(Files.readString(Path.of(args[0]))));
        VectorRunner runner =
                new VectorRunner(new LicenseVerifier(KeyFile.of(document.get("keys"))));
        List<?> cases = list(document.get("cases"));
        Map<?, ?> emergency = object(document.get("emergency"));
        List<?> codes = list(emergency.get("cases"));
        List<?> keyFiles = list(document.get("key_files"));
        for (Object each : keyFiles) {
            Map<?, ?> vector = object(each);
            runner.compare(vector, readKeys(vector));
        }
        for (Object each : cases) {
            Map<?, ?> vector = object(each);
            runner.compare(vector, runner.outcome(vector));
        }
        for (Object each : codes) {
            Map<?, ?> vector = object(each);
            runner.compare(vector, runner.redeemed(vector, emergency));
        }
        runner.wrong.forEach(System.err::println);
        System.out.printf("%d key files, %d keys and %d codes, wrong: %d%n",
                keyFiles.size(), cases.size(), codes.size(), runner.wrong.size());
        System.exit(runner.wrong.isEmpty() ? 0 : 1);
    }

    /** What a vector states, member by member, against what came out. */
    private void compare(Map<?, ?> vector, Map<String, Object> outcome) {
        for (String member : List.of("expect", "standing", "license", "lines", "number", "until")) {
            Object stated = vector.get(member);
            Object found = outcome.get(member);
            if (!Objects.equals(stated, found)) {
                wrong.add(vector.get("id") + ": " + member + " " + found + ", stated " + stated);
            }
        }
    }

    private static Map<String, Object> readKeys(Map<?, ?> vector)
            throws GeneralSecurityException {
        try {
            KeyFile.read(bytes(vector));
            return Map.of("expect", "ok");
        } catch (IllegalArgumentException refused) {
            return Map.of("expect", "refused");
        }
    }

    private Map<String, Object> outcome(Map<?, ?> vector) {
        try {
            Facts facts = new Facts(object(vector.get("context")));
            LicenseVerifier.Accepted accepted = verifier.verify(signed(vector), facts.asked());
            return Map.of(
                    "expect", "ok",
                    "standing", accepted.standing(),
                    "license", described(accepted.license()));
        } catch (Refused refused) {
            return refusal(refused);
        }
    }

    private Map<String, Object> redeemed(Map<?, ?> vector, Map<?, ?> emergency) {
        Map<?, ?> source = vector.containsKey("signed") ? vector : emergency;
        Map<Object, Object> context = new HashMap<>();
        if (vector.containsKey("context")) {
            context.putAll(object(vector.get("context")));
        }
        context.put("at", vector.get("at"));
        try {
            byte[] signed = hex(source.get("signed"));
            License license = verifier.authenticate(signed);
            Emergency.Grant grant =
                    Emergency.redeem(
                            license,
                            (String) vector.get("code"),
                            number(vector.get("last_used")),
                            when((String) vector.get("at")));
            String until = grant.until().toString();
            context.put("grants", Map.of(Long.toString(license.serial()), until));
            verifier.verify(signed, new Facts(context).asked());
            return Map.of("expect", "ok", "number", (long) grant.number(), "until", until);
        } catch (Refused refused) {
            return refusal(refused);
        }
    }

    private static Map<String, Object> refusal(Refused refused) {
        Map<String, Object> outcome = new LinkedHashMap<>();
        outcome.put("expect", refused.reason);
        if (!refused.lines.isEmpty()) {
            outcome.put("lines", refused.lines.stream().map(Integer::longValue).toList());
        }
        return outcome;
    }

    private static byte[] signed(Map<?, ?> vector) throws Refused {
        return vector.containsKey("hex")
                ? hex(vector.get("hex"))
                : LicenseVerifier.read(bytes(vector));
    }

    private static byte[] bytes(Map<?, ?> vector) {
        return vector.containsKey("file_hex")
                ? hex(vector.get("file_hex"))
                : ((String) vector.get("text")).getBytes(StandardCharsets.UTF_8);
    }

    /** The members of a context; an absent one is null. */
    private record Facts(Map<?, ?> context) {
        LicenseVerifier.Facts asked() {
            return new LicenseVerifier.Facts(
                    instant("at"), whole("product"), kinds(), text("site"), whole("last_sequence"),
                    version(), date("release_date"), grants());
        }

        private String text(String name) {
            return (String) context.get(name);
        }

        private Integer whole(String name) {
            return context.containsKey(name) ? number(context.get(name)) : null;
        }

        private Instant instant(String name) {
            String text = text(name);
            return text == null ? null : when(text);
        }

        private LocalDate date(String name) {
            String text = text(name);
            return text == null ? null : LocalDate.parse(text);
        }

        private Set<String> kinds() {
            if (!context.containsKey("kinds")) {
                return null;
            }
            Set<String> kinds = new HashSet<>();
            list(context.get("kinds")).forEach(kind -> kinds.add((String) kind));
            return kinds;
        }

        private Map<Long, Instant> grants() {
            Map<Long, Instant> grants = new HashMap<>();
            if (context.containsKey("grants")) {
                object(context.get("grants"))
                        .forEach((serial, until) ->
                                grants.put(Long.valueOf((String) serial), when((String) until)));
            }
            return grants;
        }

        private License.Version version() {
            String text = text("erp_version");
            if (text == null) {
                return null;
            }
            String[] levels = text.split("\\.");
            return new License.Version(
                    Integer.parseInt(levels[0]), Integer.parseInt(levels[1]));
        }
    }

    private static Instant when(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static Map<String, Object> described(License license) {
        License.Version ceiling = license.versionCeiling();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", license.kind());
        fields.put("key_id", (long) license.keyId());
        fields.put("product", (long) license.product());
        fields.put("edition", (long) license.edition());
        fields.put("serial", license.serial());
        fields.put("client_number", license.clientNumber());
        fields.put("sequence", (long) license.sequence());
        fields.put("issued_on", iso(license.issuedOn()));
        fields.put("valid_from", iso(license.validFrom()));
        fields.put("last_day", iso(license.lastDay()));
        fields.put("maintenance_until", iso(license.maintenanceUntil()));
        fields.put("grace_days", (long) license.graceDays());
        fields.put("overage_percent", (long) license.overagePercent());
        fields.put("named_users", users(license.namedUsers()));
        fields.put("concurrent_users", users(license.concurrentUsers()));
        fields.put("version_ceiling",
                ceiling == null ? null : ceiling.major() + "." + ceiling.minor());
        fields.put("modules", license.modules().stream().map(Integer::longValue).toList());
        fields.put("site", HexFormat.of().formatHex(license.site()));
        fields.put("extensions",
                license.extensions().stream().map(VectorRunner::extension).toList());
        return fields;
    }

    private static Map<String, Object> extension(License.Extension extension) {
        return Map.of(
                "number", (long) extension.number(),
                "critical", extension.critical(),
                "value", HexFormat.of().formatHex(extension.value()));
    }

    private static Object users(int count) {
        return count == License.UNLIMITED ? "unlimited" : (Object) (long) count;
    }

    private static String iso(LocalDate day) {
        return day == null ? null : day.toString();
    }

    private static Map<?, ?> object(Object value) {
        return (Map<?, ?>) value;
    }

    private static List<?> list(Object value) {
        return (List<?>) value;
    }

    private static int number(Object value) {
        return Math.toIntExact((Long) value);
    }

    private static byte[] hex(Object value) {
        return HexFormat.of().parseHex((String) value);
    }
}
