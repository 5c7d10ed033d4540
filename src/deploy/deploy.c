#include "deploy.h"

#include "deployment.h"

Outcome *
deploy_one(const DeployContext *context, Plugin *plugin, Look *look)
{
  Deployment *d = deployment_new(context, plugin);
  d->look = look;
  if (deployment_prepare(d))
    deployment_write(d);
  return deployment_end(d);
}
