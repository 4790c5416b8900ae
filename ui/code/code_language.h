// The languages that are known, and what their parts are to us. Not for others than ui/code. GUI thread.
#pragma once

#include "ui/code/code_colors.h"

#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/Theme>

namespace muster {

[[nodiscard]] KSyntaxHighlighting::Repository &codeRepository();
[[nodiscard]] CodeRole codeRoleOf(KSyntaxHighlighting::Theme::TextStyle style);

} // namespace muster
