package dev.parley.server.group.memory;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Cursor;
import dev.parley.server.group.PositionStore;
import dev.parley.server.group.PositionStoreContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryPositionsTest extends PositionStoreContract {
    private final AtomicLong clock = new AtomicLong(System.nanoTime());
    private final MemoryPositions store = new MemoryPositions(clock::get);

    @Override
    protected PositionStore store() {
        return store;
    }

    @Test
    void whatIsNotRaisedForTooLongTakesNoRoom() {
        raise("group/lobby", "guest", 1);
        raise("group/lobby", "ada", 1);
        raise("user/guest", "guest", 1);
        clock.addAndGet(PositionStore.KEPT.minusDays(1).toNanos());
        raise("group/lobby", "ada", 2);
        clock.addAndGet(Duration.ofDays(1).toNanos());

        raise("group/lobby", "bob", 1);

        assertThat(get(store.all("group/lobby"))).containsOnlyKeys("ada", "bob");
        assertThat(store.channels()).isEqualTo(1);
    }

    private void raise(String channel, String user, long seq) {
        assertThat(get(store.raise(channel, user, new Cursor("k3", seq)))).isTrue();
    }
}
