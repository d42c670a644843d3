package dev.parley.server.group.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.group.UserStore;
import dev.parley.server.group.UserStoreContract;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryUsersTest extends UserStoreContract {
    private final AtomicLong clock = new AtomicLong(System.nanoTime());
    private final MemoryUsers store = new MemoryUsers(clock::get);

    @Override
    protected UserStore store() {
        return store;
    }

    @Test
    void whoIsNotSeenForTooLongTakesNoRoom() {
        store.seen("ada", "Ada");
        store.seen("bob", "Bob");
        clock.addAndGet(UserStore.KEPT.minusDays(1).toNanos());
        store.seen("ada", "Ada");
        clock.addAndGet(Duration.ofDays(1).toNanos());

        assertThat(store.wasSeen("ada").toCompletableFuture()).isCompletedWithValue(true);
        assertThat(store.wasSeen("bob").toCompletableFuture()).isCompletedWithValue(false);
        assertThat(store.size()).isEqualTo(1);
    }
}
