package dev.parley.server.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ways to break a server that a checker must see. A test arms one by putting down a file of its name; {@link SabotageAgent} has put code into the servers that
 * asks for it, on any thread. The product knows nothing of all this.
 */
public enum Sabotage {
    /** A live channel moves on over an entry without giving it to anybody. */
    DROP_ENTRY,
    /** A doorbell is not heard, and a hole that is noticed is not filled. */
    DROP_DOORBELL,
    /** Entries swap their places with the next one on their way to the clients. */
    SWAP_NEIGHBOURS,
    /** Message ids are not given to the log. */
    SKIP_DUPLICATE_CHECK,
    /** A message goes to the instance's own followers before the log has it, at the place that it will probably get. */
    FAN_OUT_BEFORE_SEQUENCING,
    /** A sender is told that its message is kept before the log has it. */
    ACK_BEFORE_APPEND,
    /** Who resumes begins one entry too late. */
    RESUME_SKIPS_ONE,
    /** Who resumes begins one entry too early. */
    RESUME_REPEATS_ONE,
    /** Entries are taken for such as a connection may not get. */
    SKIP_TOO_MUCH,
    /** That entries are no longer there is not told. */
    HIDE_GAPS;

    /** Where the files are. Both sides know it by this property, which is none of the server's. */
    static final String DIRECTORY = "sabotage.directory";

    private static final Map<Sabotage, AtomicLong> CHANCES = new ConcurrentHashMap<>();

    /** Arms it in all servers that this test has started with the agent: every n-th chance to do harm is used. */
    public void arm(int every) {
        try {
            // Written beside and moved, so that nobody reads half of it.
            Path written = Files.writeString(file().resolveSibling(name() + ".new"), Integer.toString(every));
            Files.move(written, file(), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it; does nothing where it is not armed. */
    public void disarm() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it is armed. */
    public boolean isOn() {
        return Files.exists(file());
    }

    /** Whether this chance to do harm is to be used. */
    public boolean strikes() {
        try {
            return isOn()
                    && CHANCES.computeIfAbsent(this, its -> new AtomicLong()).incrementAndGet()
                                    % Integer.parseInt(Files.readString(file()))
                            == 0;
        } catch (IOException disarmedMeanwhile) {
            return false;
        }
    }

    private Path file() {
        return Path.of(System.getProperty(DIRECTORY), name());
    }
}
