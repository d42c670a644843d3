package dev.parley.server.group;

/**
 * A change of membership that somebody is about to make or has not made to its end, as it is noted.
 *
 * @param group the group's name
 * @param user the user's id
 * @param version the version of the seat as it is to be
 */
public record Pending(String group, String user, String version) {

    /** As text, in which none of the three has blanks. */
    public String encode() {
        return version + ' ' + user + ' ' + group;
    }

    /** Reads what {@link #encode} wrote. */
    public static Pending decode(String text) {
        String[] parts = text.split(" ", 3);
        return new Pending(parts[2], parts[1], parts[0]);
    }
}
