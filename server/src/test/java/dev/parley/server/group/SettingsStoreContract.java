package dev.parley.server.group;

import static dev.parley.server.testing.Stages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link SettingsStore} does. */
public abstract class SettingsStoreContract {
    private final String user = "ada-" + UUID.randomUUID();

    /** The store under test, which may hold what other tests left. */
    protected abstract SettingsStore store();

    @Test
    void whoHasSetNothingHasNoSettings() {
        assertThat(get(store().of(user))).isEmpty();
    }

    @Test
    void settingsAreKeptToTheLetterForEachGroup() {
        get(store().put(user, "chat:team", "{\"muted\":true,\"note\":\"Käse 🧀\"}"));
        get(store().put(user, "chat:club", "1"));
        get(store().put("bob", "chat:team", "2"));
        get(store().put(user, "chat:club", "[]"));

        assertThat(get(store().of(user)))
                .isEqualTo(Map.of("chat:team", "{\"muted\":true,\"note\":\"Käse 🧀\"}", "chat:club", "[]"));
    }

    @Test
    void whatIsTakenAwayIsGone() {
        get(store().put(user, "chat:team", "1"));
        get(store().put(user, "chat:team", null));
        get(store().put(user, "chat:club", null));

        assertThat(get(store().of(user))).isEmpty();
    }
}
