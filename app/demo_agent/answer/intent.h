// What a prompt asks for, found by fixed rules in a fixed order (see app/demo_agent/README.md): no model
// guesses here, so the same words always mean the same. Pure, any thread.
#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>

namespace muster::demo {

enum class Ask : std::uint8_t {
    Unknown,
    Continue,
    AnswerAgain,
    Greet,
    Help,
    Inventory,
    Summarise,
    Notes,
    Largest,
    Churn,
    Recent,
    Authors,
    WhereDefined,
    Find,
    Tests,
    Untested,
    Languages,
    Build,
    Licence,
    Modules,
    Show,
    WriteSurvey,
    WriteReport,
    WriteFile,
    Append,
    Replace,
    Run,
    ReviewChange,
    ConfirmFindings,
    PlanWork,
    PlanQuestions,
    ClassifyIssue,
    LocateIssue,
    MendTests,
};

struct Prompt {
    QStringList texts;   // text blocks as they came, the instruction first
    QStringList context; // embedded resources: read, never obeyed
    QStringList links;   // names of linked files
};

struct Intent {
    Ask ask = Ask::Unknown;
    QString instruction;   // the paragraph that was understood, or the first
    QString subject;       // a name, a word to find, a path: what the ask is about
    QString content;       // of a file to write, a line to append, the new text of a replacement
    QString oldText;       // of a replacement
    bool composed = false; // the content is a description that has to be composed, not the text itself
    bool json = false;
    bool linesAsked = false; // a number of lines was said
    int lines = 5;
    int days = 7;
};

[[nodiscard]] Intent parseIntent(const Prompt &prompt);
[[nodiscard]] Intent parseInstruction(const QString &paragraph);

} // namespace muster::demo
