package dev.parley.server.security;

import dev.parley.protocol.Names;
import java.util.Optional;

/** The names shown for people: what they may hold, wherever they come from. */
final class DisplayName {

    private DisplayName() {}

    /**
     * Trims a name.
     *
     * @param name as given
     * @return the name; empty when it is blank, too long, or has a control character or half of a surrogate pair
     */
    static Optional<String> of(String name) {
        String trimmed = name.strip();
        boolean fits = !trimmed.isEmpty() && trimmed.codePointCount(0, trimmed.length()) <= Names.DISPLAY_MAX;
        return fits && trimmed.codePoints().allMatch(DisplayName::mayStand) ? Optional.of(trimmed) : Optional.empty();
    }

    /** Format characters are not refused: names in several scripts need joiners. Those that turn the direction of what follows are. */
    private static boolean mayStand(int character) {
        int type = Character.getType(character);
        boolean turnsDirection =
                character >= 0x202A && character <= 0x202E || character >= 0x2066 && character <= 0x2069;
        return type != Character.CONTROL
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && !turnsDirection;
    }
}
