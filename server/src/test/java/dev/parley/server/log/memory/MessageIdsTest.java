package dev.parley.server.log.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.log.memory.MessageIds.Id;
import dev.parley.server.log.memory.MessageIds.Sent;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageIdsTest {

    @Test
    void findsEachOfManyIdsAndNoOther() {
        MessageIds ids = new MessageIds();
        for (int i = 1; i <= 100_000; i++) {
            ids.add(Id.of("user" + i % 100, "m" + i), i, -i);
        }

        assertThat(ids.size()).isEqualTo(100_000);
        for (int i = 1; i <= 100_000; i++) {
            assertThat(ids.find(Id.of("user" + i % 100, "m" + i))).isEqualTo(new Sent(i, -i));
            assertThat(ids.find(Id.of("user" + (i + 1) % 100, "m" + i))).isNull();
        }
    }

    @Test
    void senderAndMessageIdDoNotRunTogether() {
        Set<Id> ids = new HashSet<>();
        ids.add(Id.of("ab", "c"));
        ids.add(Id.of("a", "bc"));
        ids.add(Id.of("", "abc"));
        ids.add(Id.of("abc", ""));

        assertThat(ids).hasSize(4);
    }

    @Test
    void holdsLessThanAHundredBytesForEachOfMany() {
        MessageIds ids = new MessageIds();
        for (int i = 0; i < 10_000; i++) {
            ids.add(Id.of("anna", "m" + i), i, i);
        }

        assertThat(ids.bytes() / ids.size()).isLessThan(100);
    }
}
