package exportdata

import _ "embed"

//go:embed packages_arm64.zip
var packages []byte
