package dev.parley.server.presence;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.presence.Announcement.Change;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link PresenceStore} does. */
public abstract class PresenceStoreContract {
    protected static final String NODE = "n000001";

    private final String group = "lobby-" + UUID.randomUUID();

    /** The store of {@link #NODE}, which may hold what other tests left. */
    protected abstract PresenceStore store();

    @Test
    void nobodyIsOnAtFirst() {
        assertThat(get(store().read(group))).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadToTheLetter() {
        Here ada = new Here("Ada  \"Löve\" | 👩\u200d🚀", 2, 1_760_000_000_000L);
        Here bob = new Here("Bob", 1, 1_760_000_000_001L);

        write(new Change("ada:x@y.z-_", ada, false), new Change("bob", bob, false));

        assertThat(get(store().read(group)))
                .containsExactlyInAnyOrder(new Seen(NODE, "ada:x@y.z-_", ada), new Seen(NODE, "bob", bob));
    }

    @Test
    void aLaterStateReplacesTheEarlier() {
        write(new Change("ada", new Here("Ada", 1, 1), false), new Change("bob", new Here("Bob", 1, 2), false));

        write(new Change("ada", new Here("Ada L.", 3, 1), false), new Change("bob", null, true));

        assertThat(get(store().read(group))).containsExactly(new Seen(NODE, "ada", new Here("Ada L.", 3, 1)));
    }

    @Test
    void aLargeGroupIsReadWhole() {
        for (int page = 0; page < 20; page++) {
            int first = page * 100;
            get(store().write(
                            group,
                            IntStream.range(first, first + 100)
                                    .mapToObj(i -> new Change("user" + i, new Here("User", 1, i), false))
                                    .toList()));
        }

        assertThat(get(store().read(group))).hasSize(2_000).doesNotHaveDuplicates();
    }

    @Test
    void keepingChangesNothing() {
        write(new Change("ada", new Here("Ada", 1, 1), false));

        get(store().keep(group));

        assertThat(get(store().read(group))).hasSize(1);
    }

    private void write(Change... changes) {
        get(store().write(group, List.of(changes)));
    }
}
