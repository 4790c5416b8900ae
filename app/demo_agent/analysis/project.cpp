#include "app/demo_agent/analysis/project.h"

#include "app/demo_agent/analysis/build_system.h"
#include "app/demo_agent/analysis/licence.h"
#include "app/demo_agent/analysis/text.h"
#include "app/demo_agent/symbols/symbols.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

QString topFile(const Repository &repository, const QRegularExpression &name)
{
    for (const FileFacts &facts : repository.files) {
        if (facts.folder().isEmpty() && !facts.binary && name.match(facts.path).hasMatch())
            return facts.path;
    }
    return {};
}

void readLicence(const Repository &repository, Project &project)
{
    static const QRegularExpression name(uR"(^(LICEN[CS]E|COPYING|COPYRIGHT|UNLICENSE)([.-].*)?$)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    project.licenceFile = topFile(repository, name);
    if (!project.licenceFile.isEmpty()) {
        project.licence = licenceOf(QString::fromUtf8(textOf(repository, project.licenceFile)));
        if (project.licence.isEmpty())
            project.licence = u"unknown ("_s + project.licenceFile + u')';
        return;
    }
    const QJsonObject package = QJsonDocument::fromJson(textOf(repository, u"package.json"_s)).object();
    project.licence = package.value("license"_L1).toString();
    if (!project.licence.isEmpty()) {
        project.licenceFile = u"package.json"_s;
        return;
    }
    static const QRegularExpression entry(uR"re(^license\s*=\s*(?:\{\s*text\s*=\s*)?["']([^"']+)["'])re"_s,
                                          QRegularExpression::MultilineOption);
    for (const QString &file : {u"pyproject.toml"_s, u"Cargo.toml"_s}) {
        const auto match = entry.match(QString::fromUtf8(textOf(repository, file)));
        if (match.hasMatch()) {
            project.licence = match.captured(1);
            project.licenceFile = file;
        }
    }
}

bool isDocument(const FileFacts &facts)
{
    static const QRegularExpression top(
        uR"(^(README|CHANGE|CONTRIBUTING|INSTALL|HACKING|NEWS|FAQ|ARCHITECTURE|SECURITY|USAGE))"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression folder(uR"(^(docs?|documentation|man|manual)/)"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    if (facts.language == nullptr || facts.foreign)
        return false;
    const bool prose = facts.language->kind == LanguageKind::Prose || facts.path.endsWith(".pod"_L1);
    return prose && (folder.match(facts.path).hasMatch() ||
                     (facts.folder().isEmpty() && top.match(facts.path).hasMatch()));
}

QString packageDescription(const Repository &repository)
{
    QString npm = QJsonDocument::fromJson(textOf(repository, u"package.json"_s))
                      .object()
                      .value("description"_L1)
                      .toString();
    if (!npm.isEmpty())
        return npm;
    static const QRegularExpression entry(uR"re(^\s*description\s*=\s*["']+([^"'\n]+)["'])re"_s,
                                          QRegularExpression::MultilineOption);
    for (const QString &file : {u"pyproject.toml"_s, u"Cargo.toml"_s, u"setup.py"_s}) {
        const auto match = entry.match(QString::fromUtf8(textOf(repository, file)));
        if (match.hasMatch())
            return match.captured(1);
    }
    return {};
}

// Without a README, the file that a package begins with may say what it is.
QString entrySummary(const Repository &repository)
{
    for (const QString &path : {u"__init__.py"_s, u"src/lib.rs"_s, u"lib.rs"_s, u"doc.go"_s, u"index.js"_s,
                                u"index.ts"_s, u"src/main.rs"_s, u"main.go"_s}) {
        const FileFacts *file = repository.file(path);
        if (file == nullptr || file->language == nullptr)
            continue;
        if (const QString said = fileSummary(textOf(repository, path), *file->language, path);
            !said.isEmpty())
            return said;
    }
    return {};
}

void readPurpose(const Repository &repository, Project &project)
{
    static const QRegularExpression name(uR"(^README(\.(md|markdown|rst|txt|adoc|org|pod))?$)"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    project.readme = topFile(repository, name);
    const QString text = QString::fromUtf8(textOf(repository, project.readme));
    project.title = readmeTitle(text);
    if (project.title.isEmpty() || project.title.size() > 80)
        project.title = repository.name;
    project.purpose = shortened(readmePurpose(text), 400);
    if (project.purpose.isEmpty())
        project.purpose = packageDescription(repository);
    // "name - what it is" as a title.
    static const QRegularExpression dash(uR"(^(.{2,40}?)\s+(?:-|–|—)\s+(.{8,})$)"_s);
    if (const auto match = dash.match(project.title); match.hasMatch()) {
        project.title = match.captured(1);
        if (project.purpose.isEmpty())
            project.purpose = match.captured(2);
    }
    if (project.purpose.isEmpty())
        project.purpose = entrySummary(repository);
}

} // namespace

Project readProject(const Repository &repository)
{
    Project project;
    readPurpose(repository, project);
    readLicence(repository, project);
    project.builds = findBuildSystems(repository);
    if (!project.readme.isEmpty())
        project.docs.append(project.readme);
    static const QRegularExpression ci(
        uR"(^(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.travis\.yml|Jenkinsfile|\.circleci/config\.yml|azure-pipelines\.yml|\.ci/run|appveyor\.yml)$)"_s);
    for (const FileFacts &facts : repository.files) {
        if (isDocument(facts) && facts.path != project.readme)
            project.docs.append(facts.path);
        if (ci.match(facts.path).hasMatch())
            project.ci.append(facts.path);
    }
    return project;
}

} // namespace muster::demo
