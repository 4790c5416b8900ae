#include "ui/code/code_language.h"

namespace muster {

KSyntaxHighlighting::Repository &codeRepository()
{
    static KSyntaxHighlighting::Repository all; // reads its index once
    return all;
}

CodeRole codeRoleOf(KSyntaxHighlighting::Theme::TextStyle style)
{
    using Style = KSyntaxHighlighting::Theme;
    switch (style) {
    case Style::Keyword:
    case Style::ControlFlow:
    case Style::Operator:
        return style == Style::Operator ? CodeRole::Plain : CodeRole::Keyword;
    case Style::DataType:
    case Style::BuiltIn:
    case Style::Extension:
    case Style::Attribute:
        return CodeRole::Type;
    case Style::Function:
    case Style::Variable:
        return style == Style::Function ? CodeRole::Function : CodeRole::Plain;
    case Style::Char:
    case Style::SpecialChar:
    case Style::String:
    case Style::VerbatimString:
    case Style::SpecialString:
        return CodeRole::Text;
    case Style::DecVal:
    case Style::BaseN:
    case Style::Float:
    case Style::Constant:
        return CodeRole::Number;
    case Style::Comment:
    case Style::Documentation:
    case Style::Annotation:
    case Style::CommentVar:
    case Style::RegionMarker:
    case Style::Information:
        return CodeRole::Comment;
    case Style::Preprocessor:
    case Style::Import:
        return CodeRole::Preprocessor;
    default: // errors and alerts too: half a file looks wrong to a grammar, which is not worth an alarm
        return CodeRole::Plain;
    }
}

} // namespace muster
