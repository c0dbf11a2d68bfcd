package cli

const resizeHelp = `Resize every picture of a folder into another folder, by the state machine and the functions
that the stack deploys.

The folder --in is the source bucket: it is only read, with all folders below it (links to
folders are not followed, links to files are). The folder --out is the destination bucket. What is there
already, made from the same file by the same recipe, is left as it is; an older output is replaced, unless
"overwrite" is never; a file that mapfleet did not make only if it is always. Ctrl-C ends the run with a report
of what was done; "mapfleet retry" goes on with it, and so does the same command once more.

--input is the run input, as JSON or as the name of a file that holds it; {} by default:
  prefix, manifest, keys, retryFailuresOf   which objects; at most one of the four. A key is the name of
                                            a file below --in. A manifest of CSV, JSON or JSON Lines is put into
                                            STATE/work, and named s3://work/…; or lies in --in, s3://source/…
                                            retryFailuresOf names a run: variants, overwrite and filter
                                            are those of that run where the input names none
  filter                                    suffixes, minBytes, maxBytes, modifiedAfter, modifiedBefore
  variants                                  what is made of each picture, a list of the below
  overwrite                                 stale (default), always or never
  batchSize, maxConcurrency                 items a batch, batches at a time
  toleratedFailurePercentage                the run fails above it (default 5; 100 with retryFailuresOf)
  maxItems                                  take the first so many
  shardBy                                   split the listing at this delimiter, such as "/"
  maxCostUSD                                refuse to start what AWS would charge more for, by estimate
  dryRun                                    count and estimate, and start nothing
  comment                                   your own note

A variant; without any, one of 1024 by 1024 pixels is made, named w1024:
  name                   needed: a-z, 0-9, - and _
  width, height          the box in pixels, 1 to 16384; inside and outside need only one of them
  fit                    inside   as large as the box allows (default)
                         cover    the whole box, what hangs over is cut off around the centre
                         fill     the whole box, out of proportion
                         pad      inside, on a background of the box's size
                         outside  as small as covers the box, nothing is cut off
  upscale                true: enlarge what is smaller than the box
  format                 same (default), jpeg, png, gif, webp or avif
  quality                1 to 100, of JPEG, WebP and AVIF (default 80); "high" is 90 with fine
  fine                   true: a little sharper, a little slower
  filter                 lanczos3 (default), catmullrom, linear or box, from sharp to soft
  colour                 keep (default) or srgb: what becomes of a profile
  keepExif               true: EXIF is kept, the place with it. By default it is dropped
  background             "#rrggbb", white by default
  key                    the output's name, of {dir} {stem} {ext} {variant} {width} {height} and your own
                         words (default {variant}/{dir}{stem}{ext}). {dir} ends in a slash. {ext} is the
                         source's, and that of the format behind it if it is another: a.png.jpg

Exit status: 0 if the run SUCCEEDED, 1 if it did not, 2 for wrong usage.`
