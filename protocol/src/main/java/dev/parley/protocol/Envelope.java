package dev.parley.protocol;

import java.util.List;

/**
 * A message apart from its place in a log: what was said, by whom, to whom.
 *
 * @param to the address it was sent to
 * @param from who sent it
 * @param messageId the sender's name for it, or one the server made up; at most {@value Names#ID_MAX} characters
 * @param event what kind of message, {@code message} unless said otherwise; 1 to {@value Names#ID_MAX} characters
 * @param time when it was accepted, milliseconds since 1970 by the accepting instance's clock; shown, never used for order
 * @param data the payload
 * @param ref what it says about an earlier message, or null
 * @param mentions users whom it is meant to catch the eye of, at most {@value Limits#MENTIONS_MAX}; never null
 */
public record Envelope(
        Address to,
        Sender from,
        String messageId,
        String event,
        long time,
        RawJson data,
        Ref ref,
        List<String> mentions) {

    /** The event of a message whose sender named none. */
    public static final String DEFAULT_EVENT = "message";

    /** The event of the entries that record changes of membership. */
    public static final String MEMBERSHIP_EVENT = "membership";

    /** The event of the entries that record changes of a group's title and topic. */
    public static final String GROUP_EVENT = "group";

    /** A message that mentions nobody. */
    public Envelope(Address to, Sender from, String messageId, String event, long time, RawJson data, Ref ref) {
        this(to, from, messageId, event, time, data, ref, List.of());
    }

    /** Whether it is something said, of itself or in reply, and no notice, edit, deletion or reaction. */
    public boolean counts() {
        return event.equals(DEFAULT_EVENT) && (ref == null || ref.kind() == Ref.Kind.REPLY);
    }
}
