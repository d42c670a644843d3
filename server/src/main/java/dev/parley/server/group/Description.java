package dev.parley.server.group;

/**
 * What a durable group is called and what it is about, as it is stored.
 *
 * @param title one line, or null
 * @param topic one line, or null
 * @param version another one for each change; empty for a group that was never described
 */
public record Description(String title, String topic, String version) {

    /** Of a group that was never described. */
    public static final Description NONE = new Description(null, null, "");

    /** The description as text: version, title and topic, a line each. */
    public String encode() {
        return version + '\n' + (title == null ? "" : title) + '\n' + (topic == null ? "" : topic);
    }

    /** Reads what {@link #encode} wrote; null is {@link #NONE}. */
    public static Description decode(String text) {
        if (text == null) {
            return NONE;
        }
        String[] lines = text.split("\n", 3);
        return new Description(lines[1].isEmpty() ? null : lines[1], lines[2].isEmpty() ? null : lines[2], lines[0]);
    }
}
