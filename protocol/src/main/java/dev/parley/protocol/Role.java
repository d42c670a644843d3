package dev.parley.protocol;

import java.util.Locale;

/** What a member may do in a durable group. */
public enum Role {
    /** May send and read. */
    MEMBER,
    /** May also add, remove and change roles. */
    MODERATOR,
    /** Made the group; may do all. */
    OWNER;

    /** The role as written on the wire. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the role may add and remove members and change roles. */
    public boolean manages() {
        return this != MEMBER;
    }

    /**
     * The role of a wire name.
     *
     * @param wire as {@link #wire()} gives it
     * @return the role
     * @throws ProtocolException ({@code bad_frame}) when there is none of that name
     */
    public static Role ofWire(String wire) {
        return switch (wire) {
            case "member" -> MEMBER;
            case "moderator" -> MODERATOR;
            case "owner" -> OWNER;
            default -> throw new ProtocolException(ErrorCode.BAD_FRAME, "a role is member, moderator or owner");
        };
    }
}
