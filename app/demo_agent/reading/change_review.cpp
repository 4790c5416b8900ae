#include "app/demo_agent/reading/change_review.h"

#include "app/demo_agent/analysis/line_counter.h"
#include "app/demo_agent/analysis/tests.h"
#include "app/demo_agent/analysis/text.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

constexpr int longLine = 140;
constexpr qsizetype mostFindings = 50;

QJsonObject finding(const ChangedFile &file, int line, const QString &severity, const QString &text)
{
    return {{u"path"_s, file.path}, {u"line"_s, line}, {u"severity"_s, severity}, {u"text"_s, text}};
}

bool isCode(const QString &path)
{
    const Language *const language = languageOf(path, {});
    return language != nullptr && language->kind == LanguageKind::Code;
}

bool isTest(const QString &path) { return hasTestName(path) || inTestFolder(path); }

// Seven times the same sign at the beginning of a line, as git leaves them.
bool isConflictMark(const QString &text)
{
    return text.startsWith("<<<<<<< "_L1) || text.startsWith(">>>>>>> "_L1);
}

void findUnfinished(const ChangedFile &file, QJsonArray &findings)
{
    const Language *const language = languageOf(file.path, {});
    for (const AddedLine &added : file.added) {
        if (isConflictMark(added.text)) {
            findings.append(
                finding(file, added.line, u"must"_s,
                        u"The mark of a conflict stands in the file: decide which side is meant."_s));
            continue;
        }
        if (language == nullptr)
            continue;
        const LineCounts counts = countLines(added.text.toUtf8(), *language);
        for (const Note &note : counts.notes) {
            const bool grave = note.word == "FIXME"_L1 || note.word == "BUG"_L1;
            findings.append(finding(file, added.line, grave ? u"must"_s : u"should"_s,
                                    u"A new "_s + note.word + u" says that something is not done"_s +
                                        (note.text.isEmpty() ? u"."_s : QString(u": "_s + note.text))));
        }
    }
}

void findUntested(const std::vector<ChangedFile> &files, QJsonArray &findings)
{
    QStringList tests; // names and new text of the tests that changed
    for (const ChangedFile &file : files) {
        if (!isTest(file.path) || file.deleted)
            continue;
        QString text = file.path;
        for (const AddedLine &added : file.added)
            text += u'\n' + added.text;
        tests.append(text);
    }
    for (const ChangedFile &file : files) {
        if (isTest(file.path) && file.deleted)
            findings.append(finding(file, 0, u"should"_s, u"A file of tests was deleted."_s));
        if (isTest(file.path) || !isCode(file.path) || file.added.empty())
            continue;
        const QString stem = QFileInfo(file.path).completeBaseName();
        const QRegularExpression named(u"(?<![A-Za-z0-9])"_s + QRegularExpression::escape(stem) +
                                       u"(?![A-Za-z0-9])"_s);
        if (std::ranges::any_of(tests, [&](const QString &test) { return named.match(test).hasMatch(); }))
            continue;
        findings.append(finding(file, file.added.front().line, u"should"_s,
                                counted(static_cast<qint64>(file.added.size()), u"line"_s) +
                                    u" added or changed, and no test in this change names "_s + code(stem) +
                                    u'.'));
    }
}

// One finding for each file and kind: what a formatter would mend at once is not told line by line.
void findUntidy(const ChangedFile &file, QJsonArray &findings)
{
    static const QRegularExpression blanksAtEnd(uR"([ \t]+$)"_s);
    struct Kind {
        QString text;
        int first = 0;
        int count = 0;
        void see(int line) { first = count++ == 0 ? line : first; }
    };
    Kind blanks{.text = u"with blanks at the end"_s};
    Kind tabs{.text = u"indented with tabs and spaces mixed"_s};
    Kind longOnes{.text = u"longer than "_s + number(longLine) + u" characters"_s};
    for (const AddedLine &added : file.added) {
        // Two blanks at the end of a line of Markdown are a line break.
        if (blanksAtEnd.match(added.text).hasMatch() && !file.path.endsWith(".md"_L1))
            blanks.see(added.line);
        if (added.text.startsWith(" \t"_L1))
            tabs.see(added.line);
        if (added.text.size() > longLine && isCode(file.path))
            longOnes.see(added.line);
    }
    for (const Kind &kind : {blanks, tabs, longOnes}) {
        if (kind.count > 0)
            findings.append(finding(file, kind.first, u"may"_s,
                                    counted(kind.count, u"line"_s) + u' ' + kind.text + u'.'));
    }
}

QString lookedFor(ReviewSide side)
{
    switch (side) {
    case ReviewSide::Correctness:
        return u"Looked only for marks of conflicts and for notes such as TODO in the new lines"_s;
    case ReviewSide::Tests:
        return u"Looked only whether the tests of this change name the code that changed"_s;
    case ReviewSide::Style:
        break;
    }
    return u"Looked only for blanks at the ends of lines, mixed indentation and long lines"_s;
}

QString sizeOf(const std::vector<ChangedFile> &files)
{
    qint64 added = 0;
    qint64 removed = 0;
    QStringList paths;
    for (const ChangedFile &file : files) {
        added += static_cast<qint64>(file.added.size());
        removed += file.removed;
        paths.append(code(file.path));
    }
    return counted(paths.size(), u"file"_s) + u" changed, +"_s + number(added) + u" −"_s + number(removed) +
           u" lines: "_s + listedUpTo(paths, 8) + u'.';
}

// A line of the diff that is content; moves on in the new file.
void readLine(const QString &line, ChangedFile &file, int &at)
{
    if (line.startsWith(u'+'))
        file.added.push_back({.line = at++, .text = line.sliced(1)});
    else if (line.startsWith(u'-'))
        ++file.removed;
    else if (line.startsWith(u' ') || line.isEmpty()) // blanks at the ends of lines may have been taken off
        ++at;
}

void readHeader(const QString &line, ChangedFile &file)
{
    if (line.startsWith("+++ b/"_L1))
        file.path = line.sliced(6).section(u'\t', 0, 0);
    else if (line.startsWith("--- a/"_L1))
        file.path = line.sliced(6).section(u'\t', 0, 0); // of a deleted one there is no other
    else if (line.startsWith("deleted file"_L1))
        file.deleted = true;
    else if (line.startsWith("Binary files "_L1))
        file.binary = true;
}

} // namespace

std::vector<ChangedFile> readDiff(const QString &text)
{
    static const QRegularExpression hunk(uR"(^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@)"_s);
    std::vector<ChangedFile> files;
    int at = 0;
    int oldLeft = 0; // lines of the hunk that are still to come
    int newLeft = 0;
    const QStringList lines = text.split(u'\n');
    for (const QString &line : lines) {
        if (oldLeft > 0 || newLeft > 0) {
            oldLeft -= line.startsWith(u'+') || line.startsWith(u'\\') ? 0 : 1;
            newLeft -= line.startsWith(u'-') || line.startsWith(u'\\') ? 0 : 1;
            readLine(line, files.back(), at);
        } else if (line.startsWith("diff --git a/"_L1)) {
            files.push_back({.path = line.section(u" b/"_s, -1)});
        } else if (const auto match = hunk.match(line); match.hasMatch() && !files.empty()) {
            oldLeft = match.hasCaptured(1) ? match.captured(1).toInt() : 1;
            at = match.captured(2).toInt();
            newLeft = match.hasCaptured(3) ? match.captured(3).toInt() : 1;
        } else if (!files.empty()) {
            readHeader(line, files.back());
        }
    }
    return files;
}

QJsonObject reviewChange(const std::vector<ChangedFile> &files, ReviewSide side)
{
    QJsonArray findings;
    if (side == ReviewSide::Tests)
        findUntested(files, findings);
    for (const ChangedFile &file : files) {
        if (side == ReviewSide::Correctness)
            findUnfinished(file, findings);
        else if (side == ReviewSide::Style)
            findUntidy(file, findings);
    }
    QString summary = sizeOf(files) + u' ' + lookedFor(side);
    summary +=
        findings.isEmpty() ? u"; found none."_s : QString(u"; found "_s + number(findings.size()) + u'.');
    if (findings.size() > mostFindings)
        summary += u" The first "_s + number(mostFindings) + u" are told."_s;
    while (findings.size() > mostFindings)
        findings.removeLast();
    return {{u"summary"_s, summary}, {u"findings"_s, findings}};
}

QJsonArray confirmFindings(const Repository &repository, const QJsonArray &findings)
{
    QJsonArray told;
    for (const auto &value : findings) {
        QJsonObject one = value.toObject();
        const QString path = one.value(u"path"_s).toString();
        const int line = one.value(u"line"_s).toInt();
        const QStringList lines = QString::fromUtf8(textOf(repository, path)).split(u'\n');
        const bool there = repository.file(path) != nullptr && line >= 0 && line <= lines.size();
        one.insert(u"confirmed"_s, there);
        if (!there)
            one.insert(u"why"_s, u"there is no such place"_s);
        else if (line > 0)
            one.insert(u"why"_s,
                       QString(u"there stands "_s + code(shortened(lines.at(line - 1).trimmed(), 100))));
        else
            one.insert(u"why"_s, u"the file is there"_s);
        told.append(one);
    }
    return told;
}

} // namespace muster::demo
