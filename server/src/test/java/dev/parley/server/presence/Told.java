package dev.parley.server.presence;

import dev.parley.protocol.ServerFrame;
import dev.parley.protocol.json.FrameReader;
import dev.parley.server.delivery.Stored;
import java.util.ArrayList;
import java.util.List;

/** What the followers of all groups on one instance are told. Any thread. */
final class Told implements Presence.Followers {
    private final FrameReader reader = new FrameReader(64 * 1024);
    private final List<Notice> notices = new ArrayList<>();

    /**
     * One frame.
     *
     * @param at as {@link System#nanoTime}
     */
    record Notice(String channel, ServerFrame.Presence frame, Stored who, long at) {

        /** The frame in short: {@code joined ada 1}, or {@code 814} for a count. */
        String brief() {
            if (frame.state() == null) {
                return Long.toString(frame.count());
            }
            String brief = frame.state().wire() + ' ' + frame.user();
            return frame.devices() == null ? brief : brief + ' ' + frame.devices();
        }
    }

    @Override
    public synchronized void emit(String channel, byte[] frame, Stored who) {
        ServerFrame.Presence read = (ServerFrame.Presence) reader.readServer(frame, 0, frame.length);
        notices.add(new Notice(channel, read, who, System.nanoTime()));
    }

    synchronized List<Notice> all() {
        return List.copyOf(notices);
    }

    List<String> brief() {
        return all().stream().map(Notice::brief).toList();
    }
}
