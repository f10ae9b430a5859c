import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseSave, plain, splitWords } from "../../../provider/firewall/save";

const save = `*nat
:PREROUTING ACCEPT [1:60]
:DOCKER - [0:0]
-A PREROUTING -p tcp -m tcp --dport 2022 -m comment --comment "a \\"quoted\\" word" -j DNAT --to-destination 10.0.0.9:22
-A PREROUTING -p udp -m multiport --dports 4443,6000:6100 -j DNAT --to-destination 10.0.0.9
-A PREROUTING -i eth0 -j DNAT --to-destination 10.0.0.8
-A DOCKER ! -i br0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.0.0.7:8080
-A DOCKER -p tcp -j RETURN
-A ISARDVDI-DNAT -p tcp -m tcp --dport 1 -j DNAT --to-destination 10.0.0.6
COMMIT
`;

describe("an iptables-save", () => {
    it("is read with its quotes and positions", () => {
        const rules = parseSave(save).get("nat")?.rules ?? [];
        assert.equal(rules[0]?.words[rules[0].words.indexOf("--comment") + 1], 'a "quoted" word');
        assert.deepEqual(
            rules.map(({ chain, position }) => `${chain} ${position}`),
            ["PREROUTING 1", "PREROUTING 2", "PREROUTING 3", "DOCKER 1", "DOCKER 2", "ISARDVDI-DNAT 1"],
        );
    });
    it("gives back any comment", () => {
        fc.assert(
            fc.property(fc.stringMatching(/^[ -~]{1,40}$/), (comment) => {
                const line = `-A X --comment "${comment.replace(/(["\\])/g, "\\$1")}" -j Y`;
                assert.deepEqual(splitWords(line), ["-A", "X", "--comment", comment, "-j", "Y"]);
            }),
        );
        assert.equal(plain('-A X --comment "pulumi-isardvdi" -j Y'), "-A X --comment pulumi-isardvdi -j Y");
    });
});
