package dev.parley.server.http;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * Has requests for paths such as {@code /%zz} come to the router, which refuses them as it refuses everything else. Quarkus would answer them before with an empty 400,
 * unless this system property of its own is set when the first of its HTTP classes is loaded. Only what takes part in the configuration runs before that.
 */
public final class MalformedPaths implements SmallRyeConfigBuilderCustomizer {
    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        System.setProperty("vertx.disableURIValidation", "true");
    }
}
