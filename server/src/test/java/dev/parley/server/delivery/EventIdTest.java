package dev.parley.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids of a stream's events. */
class EventIdTest {

    @Test
    void anIdIsReadAsItWasWritten() {
        EventId id = new EventId();
        id.moved("group/a.b:c~d@e-f_g", new Cursor("k3", 41));
        id.moved("all", new Cursor("a1", 0));
        id.moved("group/a.b:c~d@e-f_g", new Cursor("k4", 9_007_199_254_740_991L));

        assertThat(id.text()).isEqualTo("group/a.b:c~d@e-f_g=k4.9007199254740991,all=a1.0");
        assertThat(EventId.parse(id.text()))
                .containsEntry("group/a.b:c~d@e-f_g", new Cursor("k4", 9_007_199_254_740_991L))
                .containsEntry("all", new Cursor("a1", 0))
                .hasSize(2);
    }

    @Test
    void noIdIsNoPlace() {
        assertThat(EventId.parse("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "=",
                "all",
                "all=",
                "all=k",
                "all=k.",
                "all=.1",
                "=k.1",
                "all=k.-1",
                "all=k.1,",
                ",",
                "all=k.x",
                "all=k.9007199254740992",
                "all=k.99999999999999999999"
            })
    void whatNoStreamWroteIsRefused(String id) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> EventId.parse(id))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_FRAME));
    }
}
