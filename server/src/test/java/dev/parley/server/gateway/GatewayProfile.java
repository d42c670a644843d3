package dev.parley.server.gateway;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * A server with room: tokens can be signed, limits are out of the way, one namespace keeps much and one keeps next to nothing, and {@code team} has groups to
 * which members are added.
 */
public final class GatewayProfile implements QuarkusTestProfile {

    /** What the namespace {@code brief} keeps. */
    static final int BRIEF = 5;

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "parley.guests.secret", TestToken.SECRET,
                "parley.broadcast.everyone", "false",
                "parley.limits.sends-per-second", "20000",
                "parley.limits.requests-per-second", "5000",
                "parley.namespaces.\"team\".membership", "durable",
                "parley.namespaces.\"long\".history.size", "50000",
                "parley.namespaces.\"brief\".history.size", Integer.toString(BRIEF));
    }
}
