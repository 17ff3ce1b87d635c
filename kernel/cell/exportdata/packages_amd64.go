package exportdata

import _ "embed"

//go:embed packages_amd64.zip
var packages []byte
