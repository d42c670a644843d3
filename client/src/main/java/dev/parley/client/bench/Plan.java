package dev.parley.client.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Who follows which channels, and who sends to them. Immutable; any thread.
 *
 * @param follows for each member the channels it follows, by index
 * @param senders for each channel the members that send to it in turn
 * @param receivers for each channel how many deliveries a message makes
 */
public record Plan(List<int[]> follows, List<int[]> senders, List<Integer> receivers) {

    /** One channel that all members follow; the first {@code senders} of them send. */
    public static Plan fanOut(int members, int senders) {
        List<int[]> follows = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            follows.add(new int[] {0});
        }
        int[] sending = new int[Math.min(senders, members)];
        for (int i = 0; i < sending.length; i++) {
            sending[i] = i;
        }
        return new Plan(follows, List.of(sending), List.of(members));
    }

    /** Pairs: channel k goes from member 2k to member 2k+1. */
    public static Plan pairs(int members) {
        List<int[]> follows = new ArrayList<>();
        List<int[]> senders = new ArrayList<>();
        List<Integer> receivers = new ArrayList<>();
        for (int pair = 0; pair < members / 2; pair++) {
            follows.add(new int[] {});
            follows.add(new int[] {pair});
            senders.add(new int[] {2 * pair});
            receivers.add(1);
        }
        return new Plan(follows, senders, receivers);
    }

    /** Many channels of {@code smallest} to {@code largest} members, dealt out in turn; the first of each sends. */
    public static Plan groups(int members, int groups, int smallest, int largest) {
        List<List<Integer>> follows = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            follows.add(new ArrayList<>());
        }
        List<int[]> senders = new ArrayList<>();
        List<Integer> receivers = new ArrayList<>();
        int next = 0;
        for (int group = 0; group < groups; group++) {
            int size = Math.min(members, smallest + group % (largest - smallest + 1));
            senders.add(new int[] {next % members});
            receivers.add(size);
            for (int i = 0; i < size; i++) {
                follows.get(next++ % members).add(group);
            }
        }
        return new Plan(
                follows.stream()
                        .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                        .toList(),
                senders,
                receivers);
    }

    /** How many members there are. */
    public int members() {
        return follows.size();
    }

    List<Channel> channels(List<Member> members) {
        List<Channel> channels = new ArrayList<>();
        for (int index = 0; index < senders.size(); index++) {
            List<Member> sending = new ArrayList<>();
            for (int member : senders.get(index)) {
                sending.add(members.get(member));
            }
            channels.add(new Channel(index, sending, receivers.get(index)));
        }
        return channels;
    }
}
