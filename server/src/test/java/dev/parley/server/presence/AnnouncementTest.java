package dev.parley.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.presence.Announcement.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

    @Test
    void isReadAsItWasWritten() {
        Announcement announcement = new Announcement(
                "n000001",
                List.of(
                        new Change("ada", new Here("Ada  Löve 👩\u200d🚀 l 0", 2, 1_760_000_000_000L), false),
                        new Change("bob@x:y", null, true),
                        new Change("carl", null, false)));

        assertThat(Announcement.decode(announcement.encode())).isEqualTo(announcement);
    }
}
