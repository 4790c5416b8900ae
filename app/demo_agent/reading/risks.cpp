#include "app/demo_agent/reading/risks.h"

#include "app/demo_agent/analysis/text.h"

#include <algorithm>
#include <ranges>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString location(const QString &path, int line) { return code(path + u':' + QString::number(line)); }

QString moduleItem(const Module &module)
{
    return code(module.path) + u" ("_s + counted(module.codeLines, u"line"_s) + u" of code)"_s;
}

} // namespace

QString largestFilesText(const Repository &repository, int limit)
{
    std::vector<const FileFacts *> files;
    for (const FileFacts &file : repository.files) {
        if (file.isCode() && file.counts.lines > 0)
            files.push_back(&file);
    }
    std::ranges::stable_sort(files, std::ranges::greater(),
                             [](const FileFacts *f) { return f->counts.lines; });
    QString text;
    for (const FileFacts *file : files | std::views::take(limit))
        text += u"- "_s + code(file->path) + u": "_s + counted(file->counts.lines, u"line"_s) + u" ("_s +
                number(file->counts.code) + u" code, "_s + byteSize(file->bytes) + u")\n"_s;
    return text;
}

QString churnText(const Repository &repository, const History &history, int limit)
{
    struct Row {
        QString path;
        Churn churn;
    };
    std::vector<Row> rows;
    for (const auto &[path, churn] : history.byFile.asKeyValueRange()) {
        const FileFacts *file = repository.file(path);
        if (file != nullptr && !file->foreign && churn.commits > 1)
            rows.push_back({path, churn});
    }
    std::ranges::sort(rows, [](const Row &a, const Row &b) {
        return std::tuple(-a.churn.commits, -(a.churn.added + a.churn.removed), a.path) <
               std::tuple(-b.churn.commits, -(b.churn.added + b.churn.removed), b.path);
    });
    QString text;
    for (const Row &row : rows | std::views::take(limit))
        text += u"- "_s + code(row.path) + u": "_s + counted(row.churn.commits, u"commit"_s) + u", +"_s +
                number(row.churn.added) + u" −"_s + number(row.churn.removed) + u" lines\n"_s;
    return text;
}

QString notesText(const std::vector<PlacedNote> &notes, int limit)
{
    QString text;
    for (const PlacedNote &placed : notes | std::views::take(limit))
        text += u"- "_s + placed.note.word + u' ' + location(placed.path, placed.note.line) +
                (placed.note.text.isEmpty() ? QString() : QString(u": "_s + placed.note.text)) + u'\n';
    const int more = static_cast<int>(notes.size()) - limit;
    if (more > 0)
        text += u"- and "_s + number(more) + u" more\n"_s;
    return text;
}

QString untestedText(const Repository &repository, const TestIndex &tests, const ModuleList &modules,
                     int limit)
{
    Q_UNUSED(repository)
    const std::vector<const FileFacts *> files = tests.untested();
    QString text;
    if (!tests.hasTests())
        text += u"No test files were found at all, so every part is without.\n\n"_s;
    else if (const auto parts = tests.untestedModules(modules); !parts.empty()) {
        QStringList items;
        for (const Module &module : parts)
            items.append(moduleItem(module));
        text += u"Parts that no test speaks of, largest first: "_s + listed(items) + u".\n\n"_s;
    }
    if (files.empty())
        return text.isEmpty() ? u"Every source file of ten lines or more is spoken of by some test.\n"_s
                              : text;
    text += (tests.hasTests() ? u"Source files that no test names, largest first:\n\n"_s
                              : u"The largest source files:\n\n"_s);
    for (const FileFacts *file : files | std::views::take(limit))
        text +=
            u"- "_s + code(file->path) + u" ("_s + counted(file->counts.code, u"line"_s) + u" of code)\n"_s;
    const int more = static_cast<int>(files.size()) - limit;
    if (more > 0)
        text += u"- and "_s + number(more) + u" more\n"_s;
    return text;
}

} // namespace muster::demo
