package dev.parley.server.presence;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where instances put down who is on with them, and find who is on elsewhere. Methods may be called from any thread and do not block; stages fail with
 * {@code unavailable} when the store is out of reach, and what was asked may or may not have been done.
 */
public interface PresenceStore {

    /** A write that was not answered takes effect within this time or never. */
    Duration LATEST = Duration.ofSeconds(10);

    /** Puts down this instance's part of a group anew for some users, and then rings for the other instances. */
    CompletionStage<Void> write(String group, List<Announcement.Change> changes);

    /** Everything put down for a group, by instances that died, too. */
    CompletionStage<List<Seen>> read(String group);

    /** Takes away what instances left behind that are gone for good. */
    CompletionStage<Void> forget(String group, Collection<Seen> leftBehind);

    /** Keeps what is put down for a group from expiring; to be called at least every twenty minutes while anything is. */
    CompletionStage<Void> keep(String group);

    /** Registers what is to be run whenever rings may have been missed. */
    void onInterruption(Runnable listener);
}
