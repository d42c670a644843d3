package dev.parley.server.routing;

import dev.parley.protocol.Address;
import dev.parley.protocol.Sender;
import dev.parley.server.group.Place;
import dev.parley.server.security.Identity;
import java.util.function.Function;

/** Who sends: a person on a connection, or a service through the HTTP API. */
public sealed interface Origin {

    /** The sender as the message's receivers see it. */
    Sender sender();

    /** The sender's name in deduplication, unique among people and services. */
    String dedupName();

    /**
     * A signed-in connection.
     *
     * @param identity who
     * @param connection on which connection
     * @param places how the connection is in a group; null for one it is not in
     */
    record Person(Identity identity, String connection, Function<Address.Group, Place> places) implements Origin {
        @Override
        public Sender sender() {
            return new Sender.Person(identity.user(), identity.name(), connection);
        }

        @Override
        public String dedupName() {
            return "u:" + identity.user();
        }
    }

    /**
     * A backend with a service key, trusted to send to everybody.
     *
     * @param name the key's name
     */
    record Service(String name) implements Origin {
        @Override
        public Sender sender() {
            return new Sender.Service(name);
        }

        @Override
        public String dedupName() {
            return "s:" + name;
        }
    }
}
