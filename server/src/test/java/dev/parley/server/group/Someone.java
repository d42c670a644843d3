package dev.parley.server.group;

import dev.parley.server.security.Identity;
import java.util.Set;

/** People as their tokens say them. */
final class Someone {
    private Someone() {}

    static Identity of(String user, String name) {
        return new Identity(user, name, Set.of(), null, false);
    }

    static Identity with(String user, String... roles) {
        return new Identity(user, user, Set.of(roles), null, false);
    }

    static Identity guest(String user) {
        return new Identity(user, user, Set.of(), null, true);
    }
}
