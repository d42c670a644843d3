package dev.parley.server.group;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.Limits;
import dev.parley.protocol.ProtocolException;
import dev.parley.protocol.ServerFrame.GroupMember;
import dev.parley.protocol.ServerFrame.Result.Members;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Cuts the members of a group into pages, whose cursors mean nothing to those who get them. Any thread. */
final class MemberPages {
    private static final String MARK = "n.";

    private MemberPages() {}

    /**
     * Behind which user the page of a cursor begins.
     *
     * @param cursor what a page before gave as {@code next}; null for the first page
     * @throws ProtocolException ({@code bad_frame}) for anything else
     */
    static String behind(String cursor) {
        if (cursor == null) {
            return "";
        }
        try {
            if (cursor.length() <= Limits.CURSOR_MAX) {
                String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                if (text.startsWith(MARK)) {
                    return text.substring(MARK.length());
                }
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new ProtocolException(ErrorCode.BAD_FRAME, "cursor is none that a page before gave as next");
    }

    static Members page(Map<String, Seat> seats, String behind, int most) {
        // Ids that begin with the cursor's id and go on are behind it as well.
        SortedMap<String, Seat> rest = new TreeMap<>(seats).tailMap(behind + '\0');
        Iterator<Map.Entry<String, Seat>> seat = rest.entrySet().iterator();
        List<GroupMember> page = new ArrayList<>(Math.min(most, rest.size()));
        while (page.size() < most && seat.hasNext()) {
            Map.Entry<String, Seat> each = seat.next();
            page.add(new GroupMember(
                    each.getKey(),
                    each.getValue().name(),
                    each.getValue().role(),
                    each.getValue().since()));
        }
        String last = page.isEmpty() ? behind : page.get(page.size() - 1).user();
        return new Members(page, seats.size(), seat.hasNext() ? cursor(last) : null);
    }

    private static String cursor(String user) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((MARK + user).getBytes(StandardCharsets.UTF_8));
    }
}
