package dev.parley.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PlanTest {

    @Test
    void groupsGetTheirMembersAndSendersAreAmongThem() {
        Plan plan = Plan.groups(50, 200, 2, 10);
        int[] members = new int[200];
        for (int[] follows : plan.follows()) {
            assertThat(follows).doesNotHaveDuplicates();
            Arrays.stream(follows).forEach(group -> members[group]++);
        }
        for (int group = 0; group < 200; group++) {
            assertThat(members[group]).isEqualTo(plan.receivers().get(group)).isBetween(2, 10);
            assertThat(plan.follows().get(plan.senders().get(group)[0])).contains(group);
        }
        assertThat(Arrays.stream(members).distinct()).hasSize(9);
    }

    @Test
    void aPairsChannelEndsAtItsSecondMember() {
        Plan plan = Plan.pairs(6);
        assertThat(plan.members()).isEqualTo(6);
        assertThat(plan.senders().get(2)).containsExactly(4);
        assertThat(plan.follows().get(5)).containsExactly(2);
        assertThat(plan.follows().get(4)).isEmpty();
    }
}
