package dev.parley.server.presence;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What one instance tells the others on a group's doorbell: the users whose presence on it changed. As text, a line for the node and one for each user, names
 * last as they alone have blanks.
 *
 * @param node the instance
 * @param changes newest state of each user, each user once
 */
public record Announcement(String node, List<Change> changes) {
    private static final String LEFT = "l";
    private static final String KEPT = "-";

    /**
     * A user's new state on one instance.
     *
     * @param here with what; null for not any more
     * @param left whether the user left the group by will, rather than lost a connection; only where {@code here} is null
     */
    public record Change(String user, Here here, boolean left) {}

    /** The bytes for the doorbell. */
    public byte[] encode() {
        StringBuilder text = new StringBuilder(node);
        for (Change change : changes) {
            Here here = change.here == null ? new Here("", 0, 0) : change.here;
            text.append('\n')
                    .append(here.devices())
                    .append(' ')
                    .append(here.since())
                    .append(' ')
                    .append(change.left ? LEFT : KEPT)
                    .append(' ')
                    .append(change.user)
                    .append(' ')
                    .append(here.name());
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #encode} wrote. */
    public static Announcement decode(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        List<Change> changes = new ArrayList<>(lines.length - 1);
        for (int i = 1; i < lines.length; i++) {
            String[] parts = lines[i].split(" ", 5);
            int devices = Integer.parseInt(parts[0]);
            Here here = devices == 0 ? null : new Here(parts[4], devices, Long.parseLong(parts[1]));
            changes.add(new Change(parts[3], here, parts[2].equals(LEFT)));
        }
        return new Announcement(lines[0], changes);
    }
}
