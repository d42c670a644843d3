package dev.parley.server.group;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link UserStore} does. */
public abstract class UserStoreContract {
    private final String user = "ada-" + UUID.randomUUID();

    /** The store under test, which may hold what other tests left. */
    protected abstract UserStore store();

    @Test
    void whoNeverConnectedWasNotSeen() {
        assertThat(get(store().wasSeen(user))).isFalse();
    }

    @Test
    void whoConnectedWasSeen() {
        get(store().seen(user, "Ada"));
        get(store().seen(user, "Ada Lovelace"));

        assertThat(get(store().wasSeen(user))).isTrue();
    }

    @Test
    void ofWhoConnectedTheNameAndTheTimeAreKnown() {
        long before = System.currentTimeMillis();
        get(store().seen(user, "Ada"));
        get(store().seen(user, "Ada Löve 👩‍🚀"));

        Known known = get(store().about(user));

        assertThat(known.name()).isEqualTo("Ada Löve 👩‍🚀");
        assertThat(known.lastSeen()).isBetween(before - 1000, System.currentTimeMillis() + 1000);
        assertThat(get(store().about(user + "2"))).isNull();
    }
}
