import java.util.List;

/** Why a key or a code is not accepted; the reasons are the words of the specification. */
public final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    public final String reason;
    /** Lines of a typed key that are wrong or missing, from 1. */
    public final transient List<Integer> lines;
    /** There when the signature is good: its sequence has to be remembered. */
    public final transient License license;

    private Refused(String reason, List<Integer> lines, License license) {
        super(reason);
        this.reason = reason;
        this.lines = lines;
        this.license = license;
    }

    Refused(String reason, List<Integer> lines) {
        this(reason, lines, null);
    }

    static void when(boolean broken, String reason) throws Refused {
        when(broken, reason, null);
    }

    static void when(boolean broken, String reason, License license)
            throws Refused {
        if (broken) {
            throw new Refused(reason, List.of(), license);
        }
    }
}
