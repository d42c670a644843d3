package dev.parley.server.group.redis;

import dev.parley.server.group.SettingsStore;
import dev.parley.server.group.SettingsStoreContract;
import dev.parley.server.testing.RedisAccess;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisSettingsTest extends SettingsStoreContract {

    @RegisterExtension
    static final RedisAccess REDIS = new RedisAccess();

    @Override
    protected SettingsStore store() {
        return new RedisSettings(REDIS.link());
    }
}
