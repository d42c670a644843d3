package dev.parley.server.presence;

/**
 * A user's presence in a group: on one instance, or on all together.
 *
 * @param name the name shown
 * @param devices connections that follow the group, at least 1
 * @param since when the first of them came, milliseconds since 1970
 */
public record Here(String name, int devices, long since) {

    /** Both together; the name is that of who came later. */
    Here and(Here other) {
        return new Here(
                since >= other.since ? name : other.name, devices + other.devices, Math.min(since, other.since));
    }

    boolean looksLike(Here other) {
        return devices == other.devices && name.equals(other.name);
    }
}
