package dev.parley.server.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.protocol.Address;
import dev.parley.server.limit.Exceeded;
import dev.parley.server.log.Retention;
import dev.parley.server.testing.Settings;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamespacesTest {

    @ParameterizedTest
    @CsvSource({
        "lobby, default, false, false",
        "prices:eur, default, false, false",
        "chat, default, false, false",
        "chat:team, chat, true, true",
        "dm:a~b, dm, true, false"
    })
    void existFromTheStart(String group, String name, boolean durable, boolean open) {
        Namespace namespace = namespaces().of(new Address.Group(group));

        assertThat(namespace.name()).isEqualTo(name);
        assertThat(namespace.durable()).isEqualTo(durable);
        assertThat(namespace.durable() && namespace.policy().join().anyone()).isEqualTo(open);
        assertThat(namespace.retention()).isEqualTo(new Retention(1000, Duration.ofDays(7), Duration.ofDays(30)));
    }

    @Test
    void whatIsSetChangesThoseThatExist() {
        Namespaces namespaces = namespaces("chat.open", "false", "chat.history.size", "5", "chat.history.age", "1H");

        Namespace chat = namespaces.of(new Address.Group("chat:team"));

        assertThat(chat.durable()).isTrue();
        assertThat(chat.policy().join().anyone()).isFalse();
        assertThat(chat.retention().entries()).isEqualTo(5);
        assertThat(chat.retention().age()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aNewOneIsOfSessionsUnlessSetOtherwise() {
        Namespaces namespaces = namespaces("board.history.size", "10", "club.membership", "durable");

        assertThat(namespaces.of(new Address.Group("board:x")).durable()).isFalse();
        assertThat(namespaces.of(new Address.Group("club:x")).durable()).isTrue();
        assertThat(namespaces.of(new Address.Group("club:x")).policy().join().anyone())
                .isFalse();
    }

    @Test
    void everyoneAndInboxesKeepWhatDefaultDoes() {
        Namespaces namespaces = namespaces("default.history.size", "77");

        assertThat(namespaces.everyone().entries()).isEqualTo(77);
        assertThat(namespaces.inbox("ada").entries()).isEqualTo(77);
        assertThat(namespaces.of(new Address.Group("unlisted:x")).retention().entries())
                .isEqualTo(77);
    }

    @Test
    void inboxesOfGuestsAreForgottenAfterADay() {
        assertThat(namespaces().inbox("g-0a1b2c3d4e").idle()).isEqualTo(Duration.ofDays(1));
        assertThat(namespaces().inbox("g-nan").idle()).isEqualTo(Duration.ofDays(30));
    }

    @ParameterizedTest
    @CsvSource({
        "chat.history.size, 0, parley.namespaces.\"chat\".history.size",
        "chat.history.age, PT0S, parley.namespaces.\"chat\".history.age",
        "chat.history.age, -1D, parley.namespaces.\"chat\".history.age",
        "board.open, true, parley.namespaces.\"board\".open",
        "dm.membership, session, parley.namespaces.\"dm\"",
        "dm.open, true, parley.namespaces.\"dm\"",
        "dm.send, users, parley.namespaces.\"dm\"",
        "dm.max-members, 3, parley.namespaces.\"dm\"",
        "dm.create, members, parley.namespaces.\"dm\".create",
        "board.send, everyone, parley.namespaces.\"board\".send",
        "board.send, 'nobody,members', parley.namespaces.\"board\".send",
        "board.send, owners, parley.namespaces.\"board\".send",
        "board.join, members, parley.namespaces.\"board\".join",
        "board.manage, anyone, parley.namespaces.\"board\".manage",
        "board.create, users, parley.namespaces.\"board\".create",
        "board.max-members, 3, parley.namespaces.\"board\".max-members",
        "chat.join, owners, parley.namespaces.\"chat\".join",
        "chat.read, 'role:', parley.namespaces.\"chat\".read",
        "'\"a:b\".membership', durable, parley.namespaces.\"a:b\""
    })
    void nonsenseStopsTheStartAndNamesTheProperty(String property, String value, String named) {
        assertThatThrownBy(() -> namespaces(property, value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(named)
                .hasMessageContaining(": ");
    }

    @Test
    void whoMayJoinIsSaidOnce() {
        assertThatThrownBy(() -> namespaces("chat.open", "true", "chat.join", "users"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("parley.namespaces.\"chat\".open", ".join");
    }

    private static Namespaces namespaces(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("parley.namespaces." + settings[i], settings[i + 1]);
        }
        return new Namespaces(Settings.with(properties), new Exceeded());
    }
}
