#include "core/process/program_lookup.h"

#include "core/process/environment_filter.h"
#include "core/process/launch_spec.h"

#include <QDir>
#include <QFileInfo>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

bool isProgram(const QFileInfo &file) { return file.isFile() && file.isExecutable(); }

std::unexpected<Error> cannotLaunch(const QString &program, const char *fault)
{
    return fail(ErrorCode::LaunchFailed, program, QString::fromLatin1(fault));
}

} // namespace

Result<QString> findProgram(const QString &program, const QStringList &environment, const QString &workingDir)
{
    if (program.isEmpty())
        return cannotLaunch(program, launch_fault::notFound);
    const QDir base(workingDir.isEmpty() ? u"/"_s : workingDir);
    if (program.contains(u'/')) {
        const QFileInfo file(base, program);
        if (isProgram(file))
            return file.absoluteFilePath();
        return cannotLaunch(program, file.exists() ? launch_fault::notExecutable : launch_fault::notFound);
    }
    bool seen = false;
    const QStringList folders = environmentValue(environment, u"PATH").split(u':', Qt::SkipEmptyParts);
    for (const QString &folder : folders) {
        const QFileInfo file(QDir(base.absoluteFilePath(folder)), program);
        if (isProgram(file))
            return file.absoluteFilePath();
        seen = seen || file.isFile();
    }
    return cannotLaunch(program, seen ? launch_fault::notExecutable : launch_fault::notFound);
}

} // namespace muster
