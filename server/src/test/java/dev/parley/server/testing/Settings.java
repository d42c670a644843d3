package dev.parley.server.testing;

import dev.parley.server.config.ParleyConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings as the server reads them, for tests that need no server. */
public final class Settings {
    private Settings() {}

    /** The defaults, apart from these properties. */
    public static ParleyConfig with(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(ParleyConfig.class)
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(ParleyConfig.class);
    }
}
