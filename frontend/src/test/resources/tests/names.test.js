// @ts-check
import { directGroup, groupNamed, groupTitle, otherOf } from "/chat/model/names.js";
import { hueOf, initialsOf } from "/chat/ui/avatar.js";
import { equal, ok, test } from "/tests/harness.js";

test("a direct conversation has one name from both sides", () => {
  equal(directGroup("u2", "u1"), "dm:u1~u2");
  equal(directGroup("u1", "u2"), "dm:u1~u2");
  equal([otherOf("dm:u1~u2", "u1"), otherOf("dm:u1~u2", "u2"), otherOf("chat:lobby", "u1")], ["u2", "u1", null]);
});

test("what is typed becomes a name the wire allows", () => {
  equal(groupNamed("Design Team"), "chat:design-team");
  equal(groupNamed("#Café — Größe!"), "chat:cafe-gro-e");
  equal(groupNamed("  ??  "), "");
  ok(/^chat:g-[a-z0-9]+$/.test(groupNamed("فريق التصميم")), "a name for what the wire has no letters for");
  equal(groupNamed("فريق  التصميم"), groupNamed("فريق التصميم"));
  ok(/^chat:[a-z0-9._-]{1,60}$/.test(groupNamed("x".repeat(200))), "a bounded name");
  equal(groupTitle("chat:design-team"), "design-team");
});

test("an avatar's letters and hue come from name and id", () => {
  equal([initialsOf("Ada Lovelace"), initialsOf("bo"), initialsOf("  "), initialsOf("Ünal 🙂 Ösil")], ["AL", "B", "?", "ÜÖ"]);
  equal(hueOf("u1"), hueOf("u1"));
  ok(new Set(Array.from({ length: 100 }, (_, index) => hueOf(`user${index}`))).size > 8, "hues to spread");
});
