#include "ui/code/code_highlighter.h"

#include "ui/code/code_language.h"
#include "ui/theme/theme.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>

namespace muster {

CodeHighlighter::CodeHighlighter(QTextDocument *document, const QString &fileName, Theme *theme)
    : SyntaxHighlighter(document)
{
    setDefinition(codeRepository().definitionForFileName(fileName));
    if (theme)
        connect(theme, &Theme::changed, this, &CodeHighlighter::rehighlight);
}

void CodeHighlighter::applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format)
{
    const CodeRole role = codeRoleOf(format.textStyle());
    if (role == CodeRole::Plain || length == 0)
        return;
    QTextCharFormat look;
    look.setForeground(codeColor(role, Theme::colors()));
    if (role == CodeRole::Comment)
        look.setFontItalic(true);
    setFormat(offset, length, look);
}

} // namespace muster
