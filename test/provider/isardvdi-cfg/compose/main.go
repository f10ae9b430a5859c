// Reads .env texts as docker compose does: one JSON string per line in, one JSON object per line out.
package main

import (
	"encoding/json"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
)

func main() {
	in := json.NewDecoder(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for in.More() {
		var text string
		if err := in.Decode(&text); err != nil {
			panic(err)
		}
		values, err := dotenv.Parse(strings.NewReader(text))
		if err != nil {
			values = map[string]string{"": err.Error()}
		}
		if err := out.Encode(values); err != nil {
			panic(err)
		}
	}
}
