package dev.parley.server.group;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Where users' own settings for groups are kept. Any thread; stages fail with {@code unavailable} when the store is out of reach. */
public interface SettingsStore {

    /** For how long after the last change a user's settings are kept. */
    Duration KEPT = Duration.ofDays(365);

    /**
     * Replaces a user's settings for a group.
     *
     * @param json any JSON, or null for none
     */
    CompletionStage<Void> put(String user, String group, String json);

    /** A user's settings, by group. */
    CompletionStage<Map<String, String>> of(String user);
}
